//! Reported messages, and who decides on them.

use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::Person;
use crate::support::{id_of, one, recorded};

#[tokio::test]
async fn a_reported_message_shows_how_it_begins_and_is_decided_on() {
    let (sender, receiver, clerk) = (
        Person::member().await,
        Person::member().await,
        Person::with(&["support"]).await,
    );
    let text = format!("{}secret", "x".repeat(1_200));
    let message = json!({"receiverId": receiver.id(), "content": text});
    let message = id_of(
        &sender
            .post("/v1/messages", &message)
            .await
            .expect(StatusCode::CREATED),
    );
    let reported = receiver
        .post(
            &format!("/v1/messages/{message}/report"),
            &json!({"reason": "Spam"}),
        )
        .await;
    assert_eq!(reported.status, StatusCode::NO_CONTENT);
    let reports = clerk
        .follow("/v1/admin/message-reports?status=OPEN&limit=50")
        .await;
    let report = reports
        .iter()
        .find(|report| report["messageId"] == json!(message))
        .unwrap();
    let path = format!("/v1/admin/message-reports/{}", id_of(report));
    let shown = clerk.json(&path).await;
    assert_eq!(
        (&shown["senderId"], &shown["receiverId"]),
        (&json!(sender.id()), &json!(receiver.id()))
    );
    assert_eq!(shown["excerpt"].as_str().unwrap().chars().count(), 1_000);
    assert!(
        !shown.to_string().contains("secret"),
        "staff see how it begins, and no more"
    );
    let body = json!({"status": "UPHELD", "outcome": "The sender was warned", "reason": "Against rule 4"});
    let decided = clerk.patch(&path, &body).await.expect(StatusCode::OK);
    assert_eq!(
        (&decided["resolvedBy"], &decided["outcome"]),
        (&json!(clerk.id()), &json!("The sender was warned"))
    );
    let open = clerk
        .patch(
            &path,
            &json!({"status": "OPEN", "outcome": null, "reason": "Look again"}),
        )
        .await;
    let open = open.expect(StatusCode::OK);
    assert_eq!(
        (&open["resolvedAt"], &open["outcome"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(recorded(sender.id()).await.len(), 2);
    receiver.get(&path).await.expect(StatusCode::FORBIDDEN);
    clerk
        .get(&format!("/v1/admin/message-reports/{}", Uuid::now_v7()))
        .await
        .expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_decides_on_a_report_about_themselves() {
    let people = [
        Person::with(&["support"]).await,
        Person::with(&["support"]).await,
        Person::with(&["support"]).await,
    ];
    let [sender, receiver, other] = &people;
    let message = json!({"receiverId": receiver.id(), "content": "You are a fool."});
    let message = sender.post("/v1/messages", &message).await;
    let message = id_of(&message.expect(StatusCode::CREATED));
    let reported = json!({"reason": "An insult"});
    receiver
        .post(&format!("/v1/messages/{message}/report"), &reported)
        .await;
    let report: Uuid = one("SELECT id FROM message_reports WHERE message_id = $1", &message).await;
    let path = format!("/v1/admin/message-reports/{report}");
    let body = json!({"status": "DISMISSED", "reason": "It was a joke"});
    for concerned in [sender, receiver] {
        let refusal = concerned.patch(&path, &body).await.detail(StatusCode::FORBIDDEN);
        assert!(refusal.contains("about yourself"), "{refusal}");
    }
    assert_eq!(other.json(&path).await["status"], "OPEN");
    other.patch(&path, &body).await.expect(StatusCode::OK);
}
