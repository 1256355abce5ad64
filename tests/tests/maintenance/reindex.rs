//! Indexes that have outgrown their rows, and what cut-short rebuilds leave.

use serde_json::json;

use crate::support::{House, names};

/// More than 10 MB of index.
const ROWS: u32 = 600_000;

const SIZE: &str = "SELECT to_jsonb(pg_relation_size('heap_pkey'))";

#[tokio::test]
async fn an_index_that_takes_twice_its_room_is_built_anew() {
    let mut house = House::with_table(ROWS).await;
    house.execute("VACUUM ANALYZE heap").await;
    let first = house.step("reindex").await;
    assert_eq!(
        first["rebuilt"],
        json!([]),
        "nothing is judged before it was seen: {first}"
    );
    let before = house.scalar(SIZE).await.as_i64().unwrap();
    assert!(before > 10 << 20, "{before} bytes are too few for this test");
    house.execute("DELETE FROM heap WHERE id % 5 <> 0").await;
    house.execute("VACUUM ANALYZE heap").await;
    let second = house.step("reindex").await;
    assert_eq!(second["rebuilt"], json!(["heap_pkey"]), "{second}");
    let after = house.scalar(SIZE).await.as_i64().unwrap();
    assert!(after < before / 3, "{before} bytes before, {after} after");
    let valid = "SELECT to_jsonb(indisvalid) FROM pg_index WHERE indexrelid = 'heap_pkey'::regclass";
    assert_eq!(house.scalar(valid).await, json!(true));
    let third = house.step("reindex").await;
    assert_eq!(
        (&third["rebuilt"], &third["complete"]),
        (&json!([]), &json!(true)),
        "{third}"
    );
}

#[tokio::test]
async fn leftovers_are_dropped_and_what_is_half_made_is_ended() {
    let mut house = House::with_table(100).await;
    house
        .execute(
            "CREATE INDEX heap_note ON heap (note);
            CREATE INDEX heap_note_ccnew ON heap (note);
            CREATE INDEX heap_note_ccold1 ON heap (note);
            CREATE INDEX heap_half ON heap (note, id);
            UPDATE pg_index SET indisvalid = false
            WHERE indexrelid IN ('heap_note_ccnew'::regclass, 'heap_note_ccold1'::regclass, 'heap_half'::regclass)",
        )
        .await;
    let report = house.step("reindex").await;
    assert_eq!(
        report["dropped"],
        json!(["heap_note_ccnew", "heap_note_ccold1"]),
        "{report}"
    );
    assert_eq!(report["mended"], json!(["heap_half"]), "{report}");
    let left = house
        .scalar(
            "SELECT jsonb_object_agg(indexrelid::regclass, indisvalid) FROM pg_index WHERE indrelid = 'heap'::regclass",
        )
        .await;
    assert_eq!(
        left,
        json!({ "heap_pkey": true, "heap_note": true, "heap_half": true })
    );
    assert!(names(&report["mended"], "heap_half"));
}

#[tokio::test]
async fn indexes_that_are_gone_are_forgotten() {
    let mut house = House::create().await;
    house
        .execute("INSERT INTO index_baselines (index_name, bytes_per_row, noted_at) VALUES ('gone', 1, now()), ('users_pkey', 1, now())")
        .await;
    house.step("reindex").await;
    let known = house
        .scalar("SELECT jsonb_agg(index_name ORDER BY 1) FROM index_baselines")
        .await;
    assert_eq!(known, json!(["users_pkey"]));
}

/// What took too long the last time comes behind all others, so that it does not take their time every night.
#[tokio::test]
async fn what_took_too_long_comes_last() {
    let mut house = House::with_table(100).await;
    house
        .execute(
            "CREATE INDEX heap_a ON heap (note); CREATE INDEX heap_b ON heap (note, id);
            UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('heap_a'::regclass, 'heap_b'::regclass);
            INSERT INTO job_runs (id, job, state, details, started_at, finished_at) VALUES
                (gen_random_uuid(), 'reindex', 'COMPLETED', '{\"timedOut\": [\"heap_b\"]}', now() - interval '2 days', now()),
                (gen_random_uuid(), 'reindex', 'FAILED', '{\"timedOut\": [\"heap_a\"]}', now() - interval '1 day', now()),
                (gen_random_uuid(), 'reindex', 'COMPLETED', '{\"skipped\": true}', now() - interval '1 hour', now())",
        )
        .await;
    let report = house.step("reindex").await;
    assert_eq!(report["mended"], json!(["heap_b", "heap_a"]), "{report}");
    assert_eq!(report["timedOut"], json!([]), "{report}");
}
