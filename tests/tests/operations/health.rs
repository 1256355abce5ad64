//! What the checks found last, and figures over time.

use portal_data::{Tx, health};
use portal_domain::listing::Moment;
use portal_domain::operations::Window;
use portal_tests::people::Person;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::support::House;

const NOW: OffsetDateTime = datetime!(2026-08-24 12:00 UTC);

const LOOKS: &str = r#"
    INSERT INTO system_metrics (id, metric, value, metadata, recorded_at) VALUES
        (gen_random_uuid(), 'health.pool-use', 99, '{"subject": ""}', '2026-08-24 11:50Z'),
        (gen_random_uuid(), 'health.slow-queries', 7000, '{"subject": "search"}', '2026-08-24 11:50Z'),
        (gen_random_uuid(), 'health.pool-use', 85, '{"subject": "", "connections": 170}', '2026-08-24 11:55Z'),
        (gen_random_uuid(), 'health.dead-rows', 5, '{"subject": "users"}', '2026-08-24 11:55Z'),
        (gen_random_uuid(), 'health.dead-rows', 12, '{"subject": "projects"}', '2026-08-24 11:55Z');
    INSERT INTO health_alerts (id, check_name, subject, value, threshold, started_at, seen_at, ended_at) VALUES
        (gen_random_uuid(), 'pool-use', '', 85, 80, '2026-08-24 11:50Z', '2026-08-24 11:55Z', NULL),
        (gen_random_uuid(), 'slow-queries', 'search', 7000, 1000, '2026-08-24 10:50Z', '2026-08-24 10:55Z', '2026-08-24 11:20Z');
    INSERT INTO job_runs (id, job, state, error, started_at, finished_at) VALUES
        (gen_random_uuid(), 'health', 'COMPLETED', NULL, '2026-08-24 11:50Z', '2026-08-24 11:50Z'),
        (gen_random_uuid(), 'health', 'FAILED', 'not everything could be done: the check index-bloat: it timed out', '2026-08-24 11:55Z',
            '2026-08-24 11:55Z'),
        (gen_random_uuid(), 'backup', 'RUNNING', NULL, '2026-08-24 11:00Z', NULL)"#;

fn check<'a>(report: &'a Value, name: &str) -> &'a Value {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|check| check["name"] == name).unwrap()
}

#[tokio::test]
async fn the_report_is_of_the_last_look_and_of_what_is_still_wrong() {
    let mut house = House::create().await;
    let report = house
        .read(async |tx: &mut Tx| health::report(tx, "runbook", NOW).await)
        .await;
    assert_eq!(
        (&report["status"], &report["measuredAt"]),
        (&json!("STALE"), &Value::Null)
    );
    assert_eq!(check(&report, "pool-use")["status"], "UNKNOWN");
    house.execute(LOOKS).await;
    let report = house
        .read(async |tx: &mut Tx| health::report(tx, "runbook", NOW).await)
        .await;
    assert_eq!(report["status"], "ALERT");
    assert_eq!(report["measuredAt"], "2026-08-24T11:55:00Z");
    assert_eq!(report["checks"].as_array().unwrap().len(), health::CHECKS.len());
    let pool = check(&report, "pool-use");
    assert_eq!(
        (
            &pool["status"],
            &pool["value"],
            &pool["threshold"],
            &pool["direction"],
            &pool["unit"]
        ),
        (
            &json!("ALERT"),
            &json!(85.0),
            &json!(80.0),
            &json!("ABOVE"),
            &json!("PERCENT")
        )
    );
    assert_eq!(pool["since"], "2026-08-24T11:50:00Z");
    assert_eq!(pool["runbook"], "runbook#pool-use");
    assert_eq!(pool["subjects"][0]["details"], json!({"connections": 170}));
    let dead = check(&report, "dead-rows");
    assert_eq!((&dead["status"], &dead["value"]), (&json!("OK"), &json!(12.0)));
    assert_eq!(dead["subjects"].as_array().unwrap().len(), 2);
    let slow = check(&report, "slow-queries");
    assert_eq!(
        (&slow["status"], &slow["subjects"]),
        (&json!("OK"), &json!([])),
        "it is over"
    );
    assert_eq!(
        check(&report, "index-bloat")["status"],
        "UNKNOWN",
        "it could not be made"
    );
    let jobs: Vec<_> = report["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| (run["job"].as_str().unwrap(), run["state"].as_str().unwrap()))
        .collect();
    assert_eq!(jobs, [("backup", "RUNNING"), ("health", "FAILED")]);
    let later = house
        .read(async |tx: &mut Tx| health::report(tx, "runbook", NOW + Duration::minutes(11)).await)
        .await;
    assert_eq!(later["status"], "STALE");
}

struct Measured {
    at: OffsetDateTime,
    subject: u8,
    value: f64,
}

/// What a series should be, counted in memory.
fn steps(measured: &[Measured], subject: u8, window: &Window) -> Value {
    let mut steps: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    let of_subject = measured.iter().filter(|one| one.subject == subject);
    for one in of_subject.filter(|one| window.from <= one.at && one.at < window.until) {
        let step = (one.at - window.from).whole_seconds() / window.step.whole_seconds();
        steps.entry(step).or_default().push(one.value);
    }
    let points = steps.into_iter().map(|(step, values)| {
        let at = Moment(window.from + window.step * i32::try_from(step).unwrap());
        // The values are halves, of which sums are exact.
        #[allow(clippy::cast_precision_loss)]
        let avg = values.iter().sum::<f64>() / values.len() as f64;
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        json!({"at": at, "min": least, "avg": avg, "max": most, "count": values.len()})
    });
    Value::Array(points.collect())
}

#[tokio::test]
async fn a_series_is_cut_into_steps_and_shows_the_highest_subjects() {
    let mut house = House::create().await;
    let random = &mut StdRng::seed_from_u64(7);
    let measured: Vec<_> = (0..600)
        .map(|_| Measured {
            at: NOW - Duration::seconds(random.random_range(0..10_000)),
            subject: random.random_range(0..30),
            value: f64::from(random.random_range(0..2_000_000_i32)) / 2.0,
        })
        .collect();
    let rows = measured.iter().map(|one| {
        format!(
            "(gen_random_uuid(), 'some.metric', {}, '{{\"subject\": \"s{}\"}}', '{}')",
            one.value, one.subject, one.at
        )
    });
    let rows: Vec<_> = rows.collect();
    house
        .execute(&format!(
            "INSERT INTO system_metrics (id, metric, value, metadata, recorded_at) VALUES {}",
            rows.join(", ")
        ))
        .await;
    let from = Moment(NOW - Duration::seconds(8_000));
    let until = Moment(NOW - Duration::seconds(100));
    let window = Window::of((Some(from), Some(until)), Some(600), NOW).unwrap();
    let series = house
        .read(async |tx: &mut Tx| health::series(tx, "some.metric", None, &window).await)
        .await;
    let subjects = series["series"].as_array().unwrap();
    assert_eq!(subjects.len(), 20);
    let mut highest = BTreeMap::new();
    for one in measured.iter().filter(|one| from.0 <= one.at && one.at < until.0) {
        let most = highest.entry(one.subject).or_insert(one.value);
        *most = one.value.max(*most);
    }
    let mut order: Vec<_> = highest.into_iter().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (shown, (subject, _)) in subjects.iter().zip(&order) {
        assert_eq!(shown["subject"], format!("s{subject}"));
        assert_eq!(shown["points"], steps(&measured, *subject, &window));
    }
    let one = house
        .read(async |tx: &mut Tx| health::series(tx, "some.metric", Some("s3"), &window).await)
        .await;
    assert_eq!(one["series"][0]["points"], steps(&measured, 3, &window));
    assert_eq!(one["series"].as_array().unwrap().len(), 1);
    let names = house
        .read(async |tx: &mut Tx| health::metric_names(tx, NOW).await)
        .await;
    assert_eq!(names, json!(["some.metric"]));
}

#[tokio::test]
async fn the_routes_are_for_those_who_run_the_system() {
    let staff = Person::with(&["administrator"]).await;
    let support = Person::with(&["support"]).await;
    for path in [
        "/v1/admin/health",
        "/v1/admin/health/history?check=pool-use",
        "/v1/admin/metrics",
        "/v1/admin/metrics?name=health.pool-use",
    ] {
        staff.get(path).await.expect(StatusCode::OK);
        support.get(path).await.expect(StatusCode::FORBIDDEN);
    }
    let history = staff
        .json("/v1/admin/health/history?check=pool-use&step=3600")
        .await;
    assert_eq!(
        (&history["name"], &history["unit"], &history["stepSeconds"]),
        (&json!("health.pool-use"), &json!("PERCENT"), &json!(3600))
    );
    for (query, pointer) in [
        ("", "/query/check"),
        ("check=no-check", "/query/check"),
        ("check=pool-use&step=59", "/query/step"),
        ("check=pool-use&to=0000-01-01T00:00:00Z", "/query/to"),
        (
            "check=pool-use&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
            "/query/from",
        ),
        (
            "check=pool-use&from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z&step=60",
            "/query/from",
        ),
    ] {
        let reply = staff.get(&format!("/v1/admin/health/history?{query}")).await;
        assert_eq!(reply.pointers(), [pointer], "{query}");
    }
}
