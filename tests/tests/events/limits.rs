//! How often a member may take seats and give them back.

use reqwest::StatusCode;
use serde_json::json;

use crate::people::{EventCalls as _, Person, new_organizer};
use crate::support::{alter, owner};

#[tokio::test]
async fn who_takes_a_seat_again_and_again_is_stopped_and_mailed_once_at_a_time() {
    let organizer = new_organizer().await;
    let events = [organizer.open(json!({})).await, organizer.open(json!({})).await];
    let member = Person::member().await;
    for round in 0..5 {
        let event = &events[round % 2];
        member.register(event).await;
        member.give_back(event).await;
    }
    let refused = member.act(&events[0], "registration").await;
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(
        refused.header("ratelimit").contains("\"seats-minute\";r=0;"),
        "{}",
        refused.header("ratelimit")
    );
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let waiting: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM outbox WHERE user_id = $1 AND kind = 'EVENT_REGISTERED' AND state = 'PENDING'",
    )
    .bind(member.id())
    .fetch_one(&mut owner().await)
    .await
    .unwrap();
    assert!(waiting <= 2, "one for each event: {waiting}");
    Person::member().await.register(&events[0]).await;
    alter(
        "UPDATE member_turns SET taken = ARRAY(SELECT t - interval '2 minutes' FROM unnest(taken) AS t) WHERE user_id = $1",
        &member.id().to_string(),
    )
    .await;
    member.register(&events[0]).await;
}
