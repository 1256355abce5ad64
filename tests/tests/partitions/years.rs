//! Two years and more go by, and many nights are missed.

use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;
use time::Duration;

use crate::support::{House, TABLES, day};

/// More than the longest retention.
const DAYS: i64 = 27 * 31;
/// Nights from one run to the next: mostly one, and now and then a holiday, or nobody who looks after it.
const GAPS: [i64; 12] = [1, 1, 1, 2, 2, 3, 5, 9, 20, 45, 70, 120];

#[tokio::test(flavor = "multi_thread")]
async fn over_two_years_with_nights_missed_no_insert_fails_and_nothing_is_lost() {
    let mut house = House::create().await;
    let mut chance = rand::rngs::StdRng::seed_from_u64(20_260_824);
    let (mut next, mut runs) = (0, 0);
    let mut stranded = 0;
    for today in 0..DAYS {
        for (table, _) in TABLES {
            // Every insert is unwrapped: one that found no partition would end the test here.
            if chance.random_range(0..if table == "system_metrics" { 6 } else { 2 }) == 0 {
                let rows = chance.random_range(1..4);
                house.write(table, day(today), Duration::hours(23), rows).await;
            }
        }
        if today < next {
            continue;
        }
        runs += 1;
        // Once for longer than any table is prepared for.
        next = today
            + if runs == 4 {
                160
            } else {
                *GAPS.choose(&mut chance).unwrap()
            };
        let at = day(today) + Duration::hours(23);
        stranded += house
            .scalar("SELECT to_jsonb((SELECT count(*) FROM admin_actions_default) + (SELECT count(*) FROM audit_log_default))")
            .await
            .as_i64()
            .unwrap();
        house.seal(at).await;
        house.run(at).await.unwrap();
        nothing_within_retention_is_gone(&mut house, at).await;
    }
    assert!(
        stranded > 0,
        "no night was missed for long enough: the test shows nothing"
    );
    let end = day(DAYS);
    house.seal(end).await;
    house.run(end).await.unwrap();
    nothing_within_retention_is_gone(&mut house, end).await;
    everything_past_it_is_gone(&mut house, end).await;
    house.restore().await;
    for (table, _) in TABLES {
        let archived = house
            .scalar(&format!("SELECT to_jsonb(count(*)) FROM restored_{table}"))
            .await;
        assert!(archived.as_i64().unwrap() > 0, "nothing of {table} was archived");
    }
    house.nothing_is_lost_or_doubled().await;
    house.nothing_is_left_over().await;
}

async fn nothing_within_retention_is_gone(house: &mut House, at: time::OffsetDateTime) {
    for (table, column) in TABLES {
        let (kept, there, strays): (i64, i64, i64) = sqlx::query_as(&format!(
            "SELECT (SELECT count(*) FROM kept_{table} WHERE {column} >= $1 - retention),
                (SELECT count(*) FROM {table} WHERE {column} >= $1 - retention),
                (SELECT count(*) FROM {table}_default)
            FROM partition_policies WHERE table_name = '{table}'"
        ))
        .bind(at)
        .fetch_one(&mut house.owner)
        .await
        .unwrap();
        assert_eq!(there, kept, "{table} at {at}");
        assert_eq!(strays, 0, "{table} at {at}: the default partition is not empty");
    }
}

async fn everything_past_it_is_gone(house: &mut House, at: time::OffsetDateTime) {
    for (table, _) in TABLES {
        let overdue: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM partition_policies AS p, app.partitions(p.table_name) AS f
            WHERE p.table_name = $1 AND f.until_at <= $2 - p.retention",
        )
        .bind(table)
        .bind(at)
        .fetch_all(&mut house.owner)
        .await
        .unwrap();
        assert_eq!(overdue, Vec::<String>::new());
        let ahead: i64 = sqlx::query_scalar("SELECT count(*) FROM app.partitions($1) WHERE from_at > $2")
            .bind(table)
            .bind(at)
            .fetch_one(&mut house.owner)
            .await
            .unwrap();
        assert_eq!(ahead, 3, "{table}: as many periods ahead as its policy wants");
    }
}

/// How far ahead partitions are made is a row, and a gap leaves no hole.
#[tokio::test]
async fn a_gap_is_closed_as_far_ahead_as_the_policy_says() {
    let mut house = House::create().await;
    house
        .execute("UPDATE partition_policies SET ahead = 5 WHERE table_name = 'system_metrics'")
        .await;
    let answer = house.run(day(40)).await.unwrap();
    // From four days from now, behind what the migration made, to the fifth after the fortieth.
    assert_eq!(
        answer.tables["system_metrics"].created.len(),
        45 - 3,
        "{answer:?}"
    );
    let holes = house
        .scalar(
            "SELECT to_jsonb(count(*)) FROM (
                SELECT from_at, lag(until_at) OVER (ORDER BY from_at) AS before FROM app.partitions('system_metrics')) AS p
            WHERE before <> from_at",
        )
        .await;
    assert_eq!(holes, json!(0));
    let again = house.run(day(40)).await.unwrap();
    assert!(
        again.tables.values().all(|table| table.created.is_empty()),
        "{again:?}"
    );
}
