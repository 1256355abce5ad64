//! Rows that found no partition.

use serde_json::json;
use time::Duration;

use crate::support::{House, day};

/// Many rows are copied beforehand, a few at the end, and in the end each stands where it belongs, once.
#[tokio::test]
async fn rows_of_many_periods_are_moved_to_where_they_belong() {
    let mut house = House::create().await;
    house
        .write("audit_log", day(-300), Duration::days(200), 500)
        .await;
    house.write("admin_actions", day(400), Duration::days(1), 3).await;
    house
        .write("system_metrics", day(-20), Duration::days(10), 70)
        .await;
    let moved = house.run(day(0)).await.unwrap();
    let drained: Vec<_> = moved.tables.values().map(|table| table.drained).collect();
    assert_eq!(drained, [3, 500, 70], "{moved:?}");
    house.nothing_is_lost_or_doubled().await;
    house.nothing_is_left_over().await;
    let misplaced = house
        .scalar(
            "SELECT to_jsonb(count(*)) FROM audit_log
            WHERE tableoid::regclass::text NOT IN (to_char(created_at AT TIME ZONE 'UTC', '\"audit_log_\"YYYY_MM'))",
        )
        .await;
    assert_eq!(misplaced, json!(0));
    let again = house.run(day(0)).await.unwrap();
    assert!(again.tables.values().all(|table| table.drained == 0), "{again:?}");
}

/// A run that was cut short after some batches is gone on with, also when rows have come meanwhile, earlier ones too.
#[tokio::test]
async fn a_filling_that_was_cut_short_is_gone_on_with() {
    let mut house = House::create().await;
    let month = day(-100).replace_day(1).unwrap();
    house
        .write("audit_log", month + Duration::days(3), Duration::days(3), 100)
        .await;
    let first_day = month.date();
    for expected in [20_i64, 20] {
        let copied: i64 = sqlx::query_scalar("SELECT app.fill_partition('audit_log', $1, 20)")
            .bind(first_day)
            .fetch_one(&mut house.owner)
            .await
            .unwrap();
        assert_eq!(copied, expected);
    }
    house.write("audit_log", month, Duration::hours(1), 5).await;
    house
        .write("audit_log", month + Duration::days(20), Duration::hours(1), 5)
        .await;
    house.nothing_is_lost_or_doubled().await;
    let answer = house.run(day(0)).await.unwrap();
    assert_eq!(answer.tables["audit_log"].drained, 110);
    house.nothing_is_lost_or_doubled().await;
    house.nothing_is_left_over().await;
}

/// What was copied and is not the same any more is not taken for the rows: it is thrown away, and copied anew.
#[tokio::test]
async fn a_copy_that_differs_is_not_taken_for_the_rows() {
    let mut house = House::create().await;
    let month = day(-50);
    house
        .write("system_metrics", month, Duration::hours(20), 30)
        .await;
    house.execute(&format!(
        "SELECT app.fill_partition('system_metrics', '{}', 30); UPDATE system_metrics_default SET value = 99", month.date()
    ))
    .await;
    let refused = sqlx::raw_sql("SELECT app.drain_default('system_metrics')")
        .execute(&mut house.owner)
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("the rows in system_metrics"),
        "{refused}"
    );
    let answer = house.run(day(0)).await.unwrap();
    let metrics = &answer.tables["system_metrics"];
    assert_eq!((metrics.drained, metrics.discarded.len()), (30, 1), "{metrics:?}");
    let values = house
        .scalar("SELECT jsonb_agg(DISTINCT value) FROM system_metrics WHERE metric = 'm'")
        .await;
    assert_eq!(values, json!([99]));
    house.nothing_is_left_over().await;
}

/// The rows that were copied are gone from where they were: what is left of the copy holds no period up.
#[tokio::test]
async fn a_copy_without_its_rows_is_thrown_away() {
    let mut house = House::create().await;
    let month = day(-50);
    house
        .write("system_metrics", month, Duration::hours(20), 30)
        .await;
    house
        .execute(&format!(
            "SELECT app.fill_partition('system_metrics', '{}', 10);
            DELETE FROM system_metrics_default; DELETE FROM kept_system_metrics WHERE recorded_at < now() - interval '40 days'",
            month.date()
        ))
        .await;
    let answer = house.run(day(0)).await.unwrap();
    assert_eq!(answer.tables["system_metrics"].discarded.len(), 1, "{answer:?}");
    house
        .execute(&format!(
            "SELECT app.make_partition('system_metrics', '{}')",
            month.date()
        ))
        .await;
    house.nothing_is_lost_or_doubled().await;
    house.nothing_is_left_over().await;
}

/// Everybody waits while a table is changed over: of what only grows, what was compared before is counted then and not compared again.
#[tokio::test]
async fn the_change_over_counts_what_was_compared_before() {
    let mut house = House::create().await;
    let month = day(-100).replace_day(1).unwrap();
    house.write("audit_log", month, Duration::days(20), 100).await;
    let name = format!("audit_log_{}_{:02}", month.year(), u8::from(month.month()));
    house
        .execute(&format!(
            "SELECT app.fill_partition('audit_log', '{}', 60)",
            month.date()
        ))
        .await;
    let note = format!("SELECT COALESCE(to_jsonb(obj_description('{name}'::regclass)), 'null')");
    assert_eq!(house.scalar(&note).await, json!(null));
    house.execute("SELECT app.look_at_filled('audit_log')").await;
    assert_eq!(house.scalar(&note).await, json!("compared"));
    let copied = format!("SELECT to_jsonb(count(*)) FROM {name}");
    assert_eq!(house.scalar(&copied).await, json!(100), "the rest comes with it");
    // What has come meanwhile is copied with the table locked, also where it is of before.
    house.write("audit_log", month, Duration::hours(1), 5).await;
    let drained = house
        .scalar("SELECT to_jsonb(app.drain_default('audit_log'))")
        .await;
    assert_eq!(drained, json!(105));
    assert_eq!(house.scalar(&note).await, json!(null));
    house.nothing_is_lost_or_doubled().await;
    house.nothing_is_left_over().await;
    let grows = "SELECT jsonb_build_array(app.only_grows('audit_log'), app.only_grows('admin_actions'), app.only_grows('system_metrics'))";
    assert_eq!(house.scalar(grows).await, json!([true, true, false]));
}

/// As a person may make one who has an archive back: it is not taken for one that is being filled, and is not touched. The periods to
/// come are made all the same.
#[tokio::test]
async fn a_table_with_the_name_of_a_partition_is_not_taken_for_one() {
    let mut house = House::create().await;
    let month = day(-100).replace_day(1).unwrap();
    let name = format!("audit_log_{}_{:02}", month.year(), u8::from(month.month()));
    house
        .execute(&format!("CREATE TABLE {name} (LIKE audit_log INCLUDING ALL)"))
        .await;
    house.write("audit_log", month, Duration::days(1), 30).await;
    let before = house.partitions("audit_log").await.len();
    let refused = house.run(day(40)).await.unwrap_err().to_string();
    assert!(
        refused.contains(&format!("table {name}")) && refused.contains("the name of one"),
        "{refused}"
    );
    assert!(house.partitions("audit_log").await.len() > before);
    house.execute(&format!("DROP TABLE {name}")).await;
    assert_eq!(house.run(day(0)).await.unwrap().tables["audit_log"].drained, 30);
    house.nothing_is_lost_or_doubled().await;
}

/// A partition for the whole table, its grants, its triggers: what was filled is as any other.
#[tokio::test]
async fn a_filled_partition_is_as_any_other() {
    let mut house = House::create().await;
    let month = day(-100).replace_day(1).unwrap();
    house.write("admin_actions", month, Duration::days(20), 100).await;
    house.run(day(0)).await.unwrap();
    let name = format!("admin_actions_{}_{:02}", month.year(), u8::from(month.month()));
    let of = |name: &str| {
        format!(
            "SELECT jsonb_build_object(
                'owner', relowner::regrole, 'forced', relforcerowsecurity,
                'policies', (SELECT jsonb_agg(polname ORDER BY polname) FROM pg_policy WHERE polrelid = c.oid),
                'triggers', (SELECT jsonb_agg(tgname ORDER BY tgname) FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal),
                'constraints', (SELECT jsonb_agg(pg_get_constraintdef(oid) ORDER BY pg_get_constraintdef(oid))
                    FROM pg_constraint WHERE conrelid = c.oid),
                'indexes', (SELECT count(*) FROM pg_index WHERE indrelid = c.oid AND indisvalid))
            FROM pg_class AS c WHERE oid = '{name}'::regclass"
        )
    };
    let others = house.partitions("admin_actions").await.pop().unwrap();
    let (filled, other) = (house.scalar(&of(&name)).await, house.scalar(&of(&others)).await);
    assert_eq!(filled, other);
    assert_eq!(filled["owner"], "portal_owner");
}

/// A time without end has no period, and a year of five digits none that a name has room for: such rows stay, and hold nothing up.
#[tokio::test]
async fn rows_without_a_finite_time_stay_where_they_are() {
    let mut house = House::create().await;
    house
        .execute("INSERT INTO system_metrics (id, metric, value, recorded_at) VALUES (gen_random_uuid(), 'm', 1, 'infinity'), (gen_random_uuid(), 'm', 1, '57614-03-01')")
        .await;
    house
        .write("system_metrics", day(-5), Duration::hours(1), 3)
        .await;
    let answer = house.run(day(0)).await.unwrap();
    assert_eq!(answer.tables["system_metrics"].drained, 3);
    assert_eq!(
        house
            .scalar("SELECT to_jsonb(count(*)) FROM system_metrics_default")
            .await,
        json!(2)
    );
}
