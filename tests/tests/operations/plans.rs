//! The audit is read by its indexes, under the role that production uses.

use serde_json::Value;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use crate::support::House;

/// Enough that reading all of them costs more than an index; courses change rarely.
const ROWS: &str = "
    SELECT app.create_partition('audit_log', month::date)
    FROM generate_series(timestamp '2026-01-01', timestamp '2026-03-01', interval '1 month') AS month;
    INSERT INTO audit_log (id, table_name, row_key, operation, user_id, database_role, application, request_id, created_at)
    SELECT n, (ARRAY['users', 'projects', 'payments', 'events'])[1 + n % 4], (n % 1000)::text, 'UPDATE',
        ('00000000-0000-7000-8000-' || lpad((n % 300)::text, 12, '0'))::uuid, 'portal_api', 'tests',
        ('00000000-0000-7000-9000-' || lpad((n / 2)::text, 12, '0'))::uuid, timestamptz '2026-01-01Z' + n * interval '2 minutes'
    FROM generate_series(1, 60000) AS n;
    INSERT INTO audit_log (id, table_name, row_key, operation, database_role, application, created_at)
    SELECT 100000 + n, 'courses', n::text, 'UPDATE', 'portal_api', 'tests', timestamptz '2026-01-01Z' + n * interval '2 minutes'
    FROM generate_series(1, 60000, 2000) AS n;
    ANALYZE audit_log";

/// Which indexes of the full partitions a plan reads, and which of those it reads whole.
fn indexes(plan: &Value, found: &mut Vec<String>) {
    let whole = plan["Relation Name"]
        .as_str()
        .filter(|_| plan["Node Type"] == "Seq Scan");
    let read = plan["Index Name"].as_str().or(whole);
    if let Some(name) = read.filter(|name| name.contains("audit_log_2026_0")) {
        found.push(name.to_owned());
    }
    for inner in plan["Plans"].as_array().into_iter().flatten() {
        indexes(inner, found);
    }
}

struct Wanted {
    table: Option<&'static str>,
    row: Option<&'static str>,
    actor: Option<Uuid>,
    after: Option<OffsetDateTime>,
    request: Option<Uuid>,
}

async fn plan(house: &House, wanted: &Wanted) -> Vec<String> {
    let sql = include_str!("../../../shared/data/src/audit/browse.sql");
    let sql = format!("EXPLAIN (FORMAT JSON) {sql}");
    let mut tx = house.admin.begin(&house.staff.request()).await.unwrap();
    let plan: Value = sqlx::query_scalar(&sql)
        .bind(wanted.table)
        .bind(wanted.row)
        .bind(wanted.actor)
        .bind(None::<Vec<String>>)
        .bind(None::<OffsetDateTime>)
        .bind(None::<OffsetDateTime>)
        .bind(wanted.after)
        .bind(wanted.after.map(|_| i64::MAX))
        .bind(21_i64)
        .bind(wanted.request)
        .bind(3_000_000_i64)
        .fetch_one(&mut tx)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    let mut found = Vec::new();
    indexes(&plan[0]["Plan"], &mut found);
    found
}

#[tokio::test]
async fn every_way_of_browsing_has_its_index() {
    let mut house = House::create().await;
    house.execute(ROWS).await;
    let nothing = Wanted {
        table: None,
        row: None,
        actor: None,
        after: None,
        request: None,
    };
    for (wanted, index) in [
        (
            Wanted {
                table: Some("users"),
                row: Some("17"),
                ..nothing
            },
            "_table_name_row_key_created_at_id_idx",
        ),
        (
            Wanted {
                table: Some("courses"),
                ..nothing
            },
            "_table_name_created_at_id_idx",
        ),
        (
            Wanted {
                actor: Some("00000000-0000-7000-8000-000000000007".parse().unwrap()),
                ..nothing
            },
            "_user_id_created_at_id_idx",
        ),
        (
            Wanted {
                request: Some("00000000-0000-7000-9000-000000000107".parse().unwrap()),
                ..nothing
            },
            "_request_id_created_at_id_idx",
        ),
        (
            Wanted {
                table: None,
                ..nothing
            },
            "_pkey",
        ),
    ] {
        let found = plan(&house, &wanted).await;
        assert!(
            !found.is_empty() && found.iter().all(|name| name.ends_with(index)),
            "{index}: {found:?}"
        );
    }
    let later = Wanted {
        table: None,
        row: None,
        actor: None,
        after: Some(datetime!(2026-02-01 00:00 UTC)),
        request: None,
    };
    let found = plan(&house, &later).await;
    assert!(
        !found.iter().any(|name| name.contains("2026_03")),
        "passed over: {found:?}"
    );
}
