//! Staff work takes a second factor.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::people::{Person, new_administrator};
use crate::support::{alter, one};

#[tokio::test]
async fn staff_work_takes_a_second_factor_and_everything_else_does_not() {
    let staff = new_administrator().await;
    staff.json("/v1/admin/users?limit=1").await;
    let forget = "UPDATE sessions SET second_factor_at = NULL WHERE user_id = $1";
    alter(forget, &staff.id().to_string()).await;
    for (method, path) in [
        (Method::GET, "/v1/admin/users".to_owned()),
        (Method::GET, "/v1/admin/roles".to_owned()),
        (Method::POST, format!("/v1/admin/users/{}/suspend", staff.id())),
    ] {
        let body = json!({"reason": "x"});
        let body = (method == Method::POST).then_some(&body);
        let newest = portal_tests::primary::newest_write().await;
        let refusal = staff
            .send(method, &path, body, &[("portal-consistency", &newest)])
            .await;
        let refusal = refusal.detail(StatusCode::FORBIDDEN);
        assert!(refusal.contains("second factor"), "{refusal}");
    }
    staff.json("/v1/auth/me").await;
    staff.json("/v1/members?limit=1").await;
}

#[tokio::test]
async fn who_is_not_approved_is_no_staff() {
    let staff = Person::with(&["administrator"]).await;
    alter(
        "UPDATE users SET approved_at = NULL WHERE id = $1",
        &staff.id().to_string(),
    )
    .await;
    staff.get("/v1/admin/users").await.expect(StatusCode::FORBIDDEN);
    let kept: bool = one(
        "SELECT second_factor_at IS NOT NULL FROM sessions WHERE user_id = $1",
        &staff.id().to_string(),
    )
    .await;
    assert!(kept, "the sign-in itself stands");
}
