//! An alert begins once and ends once, however often somebody looks.

use portal_data::health::CHECKS;
use serde_json::json;

use crate::support::{House, found, look};

#[tokio::test]
async fn people_are_told_once_when_it_begins_and_once_when_it_is_over() {
    let mut house = House::create().await;
    house.job("purge", "FAILED", -30).await;
    let answer = house.look(0).await;
    assert_eq!(found(&answer, "failed-jobs"), ["purge"]);
    let told = house.told(&["failed-jobs"]).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (told[0].state.as_str(), told[0].subject.as_str()),
        ("STARTED", "Portal: failed-jobs (purge) has begun")
    );
    assert!(told[0].text.contains("it broke"), "{}", told[0].text);
    assert!(
        told[0]
            .text
            .ends_with("Runbook: https://example.org/operations#failed-jobs")
    );

    for minutes in [5, 10] {
        house.look(minutes).await;
    }
    assert_eq!(house.told(&["failed-jobs"]).await, []);

    // It is mended, and stays so for as long as it takes to believe it.
    house.job("purge", "COMPLETED", 11).await;
    for minutes in [15, 20] {
        house.look(minutes).await;
    }
    assert_eq!(house.told(&["failed-jobs"]).await, []);
    house.look(25).await;
    let over = house.told(&["failed-jobs"]).await;
    assert_eq!(over.len(), 1, "{over:?}");
    assert_eq!(
        (over[0].state.as_str(), &over[0].alert),
        ("ENDED", &told[0].alert)
    );
    house.look(30).await;
    assert_eq!(house.told(&["failed-jobs"]).await, []);

    // The next time is another alert.
    house.job("purge", "FAILED", 32).await;
    house.look(35).await;
    let again = house.told(&["failed-jobs"]).await;
    assert_eq!(again.len(), 1);
    assert_ne!(again[0].alert, told[0].alert);
}

#[tokio::test]
async fn what_comes_back_before_it_is_over_was_never_gone() {
    let mut house = House::create().await;
    house.job("purge", "FAILED", -30).await;
    house.look(0).await;
    house.job("purge", "COMPLETED", 1).await;
    house.look(5).await;
    house.job("purge", "FAILED", 6).await;
    house.look(10).await;
    house.job("purge", "COMPLETED", 11).await;
    // Ten minutes after it was first gone, and five after it was gone for the second time.
    house.look(15).await;
    house.look(20).await;
    let told = house.told(&["failed-jobs"]).await;
    assert_eq!(told.len(), 1, "{told:?}");
    house.look(26).await;
    assert_eq!(house.told(&["failed-jobs"]).await.len(), 1);
}

#[tokio::test]
async fn each_subject_has_an_alert_of_its_own() {
    let mut house = House::create().await;
    house.job("purge", "FAILED", -30).await;
    house.job("audit-seal", "FAILED", -30).await;
    house.look(0).await;
    let mut subjects: Vec<_> = house
        .told(&["failed-jobs"])
        .await
        .into_iter()
        .map(|one| one.subject)
        .collect();
    subjects.sort();
    assert_eq!(
        subjects,
        [
            "Portal: failed-jobs (audit-seal) has begun",
            "Portal: failed-jobs (purge) has begun"
        ]
    );
    house.job("purge", "COMPLETED", 1).await;
    house.look(5).await;
    house.look(16).await;
    let over: Vec<_> = house
        .told(&["failed-jobs"])
        .await
        .into_iter()
        .map(|one| one.subject)
        .collect();
    assert_eq!(over, ["Portal: failed-jobs (purge) is over"]);
}

/// The same event twice, and late ones, change nothing.
#[tokio::test(flavor = "multi_thread")]
async fn looks_at_once_and_out_of_order_tell_once() {
    let mut house = House::create().await;
    house.job("purge", "FAILED", -30).await;
    let (one, two) = (house.function().await, house.function().await);
    let (first, second) = tokio::join!(look(&one, 10), look(&two, 10));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert!(!(first.skipped && second.skipped), "somebody has looked");
    house.look(3).await;
    assert_eq!(house.told(&["failed-jobs"]).await.len(), 1);
    let open = house
        .scalar("SELECT to_jsonb(count(*)) FROM health_alerts WHERE check_name = 'failed-jobs'")
        .await;
    assert_eq!(open, json!(1));
}

#[tokio::test]
async fn what_was_found_is_history_and_a_metric() {
    let mut house = House::create().await;
    house.job("purge", "FAILED", -30).await;
    let answer = house.look(0).await;
    assert_eq!(answer.look.checks, CHECKS.len());
    let history = house
        .scalar("SELECT to_jsonb(m) FROM system_metrics AS m WHERE metric = 'health.failed-jobs'")
        .await;
    assert_eq!(
        (&history["value"], &history["metadata"]["subject"]),
        (&json!(1), &json!("purge"))
    );
    let metrics = house
        .scalar("SELECT to_jsonb(count(DISTINCT metric)) FROM system_metrics WHERE metric LIKE 'health.%'")
        .await;
    assert!(metrics.as_i64().unwrap() >= 8, "{metrics}");
    let run = house
        .scalar("SELECT to_jsonb(r) FROM job_runs AS r WHERE job = 'health'")
        .await;
    assert_eq!(run["state"], "COMPLETED");
    assert_eq!(run["details"]["checks"], json!(CHECKS.len()));
}

/// A look whose clock was wrong has noted an alert as seen in a year from now: it ends all the same, and goes on being brought up to date.
#[tokio::test]
async fn an_alert_that_was_seen_in_the_future_is_not_held_until_then() {
    let mut house = House::create().await;
    house.job("purge", "FAILED", -30).await;
    house.look(60 * 24 * 365).await;
    house.look(0).await;
    let seen = house
        .scalar("SELECT to_jsonb(seen_at < now() + interval '1 hour') FROM health_alerts WHERE check_name = 'failed-jobs'")
        .await;
    assert_eq!(seen, json!(true));
    house.look(60 * 24 * 365 + 5).await;
    house.job("purge", "COMPLETED", 1).await;
    for minutes in [5, 16] {
        house.look(minutes).await;
    }
    let open = house
        .scalar("SELECT to_jsonb(count(*)) FROM health_alerts WHERE check_name = 'failed-jobs' AND ended_at IS NULL")
        .await;
    assert_eq!(open, json!(0));
}
