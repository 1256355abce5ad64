//! Tax numbers and bank details.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Someone, owner, pointers};

const PATH: &str = "/v1/members/me/sensitive";

#[tokio::test]
async fn numbers_are_kept_sealed_and_shown_by_their_last_digits() {
    let someone = Someone::with(&["member"]).await;
    let (status, kept) = someone
        .send(
            Method::PUT,
            PATH,
            &json!({"ssn": "536-22-8726", "ein": "12-3456789"}),
        )
        .await;
    assert_eq!(status, StatusCode::OK, "{kept}");
    assert_eq!(kept["ssn"]["lastFour"], "8726");
    assert!(!kept.to_string().contains("53622"));
    let (_, kept) = someone
        .send(
            Method::PUT,
            PATH,
            &json!({"ein": null, "bankRouting": "121000358"}),
        )
        .await;
    assert_eq!(
        (&kept["ssn"]["lastFour"], &kept["ein"]),
        (&json!("8726"), &Value::Null)
    );
    assert_eq!(someone.json(PATH).await, kept);
    assert_eq!(
        Someone::with(&["administrator"]).await.json(PATH).await["ssn"],
        Value::Null
    );
    let stored: Vec<Vec<u8>> = sqlx::query_scalar("SELECT ciphertext FROM secure_data WHERE user_id = $1")
        .bind(someone.member.id)
        .fetch_all(&mut owner().await)
        .await
        .unwrap();
    assert_eq!(stored.len(), 2);
    assert!(
        stored
            .iter()
            .all(|bytes| !String::from_utf8_lossy(bytes).contains("8726"))
    );
}

#[tokio::test]
async fn a_fault_does_not_repeat_the_number() {
    let someone = Someone::with(&["member"]).await;
    let bad = json!({"ssn": 536_228_726, "ein": "99999999999", "bankAccount": ["1234567"], "bankRouting": "121000359"});
    let (status, problem) = someone.send(Method::PUT, PATH, &bad).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        pointers(&problem),
        ["/body/ssn", "/body/ein", "/body/bankAccount", "/body/bankRouting"]
    );
    let text = problem["errors"].to_string();
    for number in ["536228726", "99999999999", "1234567\"]", "121000359"] {
        assert!(!text.contains(number), "{text}");
    }
}
