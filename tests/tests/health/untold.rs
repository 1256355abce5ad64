//! SNS is away, and comes back.

use health::Publisher;
use portal_tests::stack::Stack;
use serde_json::json;

use crate::support::{House, look};

#[tokio::test]
async fn what_sns_does_not_take_is_told_by_the_next_run() {
    let mut house = House::create().await;
    house.job("purge", "FAILED", -30).await;
    let publisher = Publisher::with_client(aws_sdk_sns::Client::new(&Stack::get().aws().await));
    let astray = house
        .telling(publisher, "arn:aws:sns:us-west-2:000000000000:nobody-made-this")
        .await;
    let failed = look(&astray, 0).await.unwrap_err().to_string();
    assert!(failed.contains("failed-jobs (purge) has begun"), "{failed}");
    let run = house
        .scalar("SELECT to_jsonb(r) FROM job_runs AS r WHERE job = 'health'")
        .await;
    assert_eq!(
        (&run["state"], &run["details"]["told"]),
        (&json!("FAILED"), &json!(0))
    );
    assert_eq!(house.told(&["failed-jobs"]).await, []);
    house.look(5).await;
    // That health itself has failed is told as well.
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
            "Portal: failed-jobs (health) has begun",
            "Portal: failed-jobs (purge) has begun"
        ]
    );
    house.look(10).await;
    assert_eq!(house.told(&["failed-jobs"]).await, []);
}

/// What began and was over before anybody could be told is told in the order in which it was.
#[tokio::test]
async fn a_beginning_is_told_before_its_end() {
    let mut house = House::create().await;
    house
        .execute(
            "INSERT INTO health_alerts (id, check_name, subject, value, threshold, started_at, seen_at, ended_at)
            VALUES (gen_random_uuid(), 'late-jobs', 'purge', 3, 0, now() - interval '3 hours', now() - interval '2 hours', now() - interval '1 hour')",
        )
        .await;
    house.look(0).await;
    let states: Vec<_> = house
        .told(&["late-jobs"])
        .await
        .into_iter()
        .map(|one| one.state)
        .collect();
    assert_eq!(states.len(), 2);
    assert!(states.contains(&"STARTED".to_owned()) && states.contains(&"ENDED".to_owned()));
    house.look(5).await;
    assert_eq!(house.told(&["late-jobs"]).await, []);
}
