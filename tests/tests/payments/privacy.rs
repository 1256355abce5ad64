//! Payments are between who pays and finance.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::people::{MoneyCalls as _, Person, new_finance};
use crate::support::{id_of, newest_write};

#[tokio::test]
async fn others_payments_cannot_be_seen_listed_called_off_or_receipted() {
    let (member, other) = (Person::member().await, Person::member().await);
    let asked = member.ask(&json!({"type": "DONATION", "amountCents": 900})).await;
    let id = id_of(&asked.expect(StatusCode::CREATED));
    for path in [format!("/v1/payments/{id}"), format!("/v1/payments/{id}/receipt")] {
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            Person::stranger().get(&path).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let cancel = format!("/v1/payments/{id}/cancel");
    assert_eq!(
        other.send(Method::POST, &cancel, None, &[]).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(other.json("/v1/payments").await["items"], json!([]));
    let listed = other.get(&format!("/v1/payments?userId={}", member.id())).await;
    assert_eq!(listed.status, StatusCode::FORBIDDEN);
    let finance = new_finance().await;
    let listed = finance
        .json(&format!("/v1/payments?userId={}", member.id()))
        .await;
    assert_eq!(listed["items"][0]["id"], id);
    assert_eq!(
        finance.get(&format!("/v1/payments/{id}")).await.status,
        StatusCode::OK
    );
    let off = finance.send(Method::POST, &cancel, None, &[]).await;
    assert_eq!(
        off.status,
        StatusCode::NOT_FOUND,
        "what members ask for is theirs to call off"
    );
    let finance_only = finance.json("/v1/payments").await;
    assert_eq!(
        finance_only["items"],
        json!([]),
        "without a member it is the own ones"
    );
}

#[tokio::test]
async fn a_list_is_followed_and_narrowed() {
    let member = Person::member().await;
    let mut made = Vec::new();
    for cents in [500, 600, 700] {
        let asked = member
            .ask(&json!({"type": "DONATION", "amountCents": cents}))
            .await;
        made.push(id_of(&asked.expect(StatusCode::CREATED)));
    }
    made.reverse();
    let all = member.follow("/v1/payments?limit=1").await;
    assert_eq!(all.iter().map(id_of).collect::<Vec<_>>(), made);
    let narrow = member
        .json("/v1/payments?status=COMPLETED&type=DONATION&count=exact")
        .await;
    assert_eq!((&narrow["items"], &narrow["total"]), (&json!([]), &json!(0)));
    let wrong = member
        .send(
            Method::GET,
            "/v1/payments?status=PAID",
            None,
            &[("portal-consistency", &newest_write().await)],
        )
        .await;
    assert_eq!(wrong.pointers(), ["/query/status"]);
}
