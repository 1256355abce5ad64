//! Families of refresh tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::client::{Member, execute, me, owner, post, refresh, somewhere};

/// Generation and end of the newest session of a member.
async fn family(email: &str) -> (i32, Option<String>) {
    sqlx::query_as(
        "SELECT s.generation, s.revoked_reason FROM sessions AS s JOIN users AS u ON u.id = s.user_id
        WHERE u.email = $1 ORDER BY s.created_at DESC LIMIT 1",
    )
    .bind(email)
    .fetch_one(&mut owner().await)
    .await
    .unwrap()
}

async fn make_old(email: &str) {
    execute(
        "UPDATE sessions SET rotated_at = rotated_at - interval '31 seconds'
        WHERE user_id = (SELECT id FROM users WHERE email = $1)",
        email,
    )
    .await;
}

#[tokio::test]
async fn a_client_whose_answer_was_lost_gets_the_same_successor() {
    let member = Member::register().await;
    let first = member.sign_in().await.get("refreshToken");
    let second = refresh(&first).await.expect(200).get("refreshToken");
    assert_ne!(first, second);
    let again = refresh(&first).await.expect(200);
    assert_eq!(again.get("refreshToken"), second);
    me(&again.get("accessToken")).await.expect(200);
    assert_eq!(family(&member.email).await, (2, None));
    refresh(&second).await.expect(200);
}

#[tokio::test]
async fn a_token_that_was_replaced_long_ago_ends_the_family() {
    let member = Member::register().await;
    let first = member.sign_in().await.get("refreshToken");
    let second = refresh(&first).await.expect(200).get("refreshToken");
    make_old(&member.email).await;
    refresh(&first).await.expect(401);
    assert_eq!(family(&member.email).await, (2, Some("TOKEN_REUSED".to_owned())));
    refresh(&second).await.expect(401);
}

#[tokio::test]
async fn a_token_of_any_earlier_generation_ends_the_family() {
    let member = Member::register().await;
    let first = member.sign_in().await.get("refreshToken");
    let second = refresh(&first).await.expect(200).get("refreshToken");
    let third = refresh(&second).await.expect(200).get("refreshToken");
    // Only the hashes of the third and the second are stored by now.
    refresh(&first).await.expect(401);
    assert_eq!(family(&member.email).await, (3, Some("TOKEN_REUSED".to_owned())));
    refresh(&third).await.expect(401);
}

#[tokio::test]
async fn a_forged_token_ends_nothing() {
    let member = Member::register().await;
    let token = member.sign_in().await.get("refreshToken");
    let session = token.split('.').next().unwrap();
    let guess = URL_SAFE_NO_PAD.encode([7; 32]);
    for forged in [
        format!("{session}.{guess}.{guess}"),
        format!("{session}.{guess}.{}", token.rsplit('.').next().unwrap()),
        token.replace(session, &URL_SAFE_NO_PAD.encode([7; 16])),
        String::new(),
        "x".repeat(100_000),
    ] {
        let refused = refresh(&forged).await.expect(401);
        assert_eq!(refused.get("type"), "/v1/problems/session-ended");
        post("/v1/auth/logout", &json!({"refreshToken": forged}), &somewhere())
            .await
            .expect(204);
    }
    refresh(&token).await.expect(200);
}

#[tokio::test]
async fn twenty_refreshes_at_once_get_one_successor() {
    let member = Member::register().await;
    let first = member.sign_in().await.get("refreshToken");
    let requests: Vec<_> = (0..20)
        .map(|_| {
            let token = first.clone();
            tokio::spawn(async move { refresh(&token).await.expect(200).get("refreshToken") })
        })
        .collect();
    let mut successors = std::collections::HashSet::new();
    for request in requests {
        successors.insert(request.await.unwrap());
    }
    assert_eq!(successors.len(), 1);
    assert_eq!(family(&member.email).await, (2, None));
    refresh(successors.iter().next().unwrap()).await.expect(200);
}

#[tokio::test]
async fn any_token_of_a_family_signs_it_out() {
    let member = Member::register().await;
    let first = member.sign_in().await.get("refreshToken");
    let mut newest = first.clone();
    for _ in 0..3 {
        newest = refresh(&newest).await.expect(200).get("refreshToken");
    }
    post("/v1/auth/logout", &json!({"refreshToken": first}), &somewhere())
        .await
        .expect(204);
    assert_eq!(family(&member.email).await, (4, Some("SIGNED_OUT".to_owned())));
    refresh(&newest).await.expect(401);
}

#[tokio::test]
async fn a_sign_in_that_has_run_out_is_not_refreshed() {
    let member = Member::register().await;
    let token = member.sign_in().await.get("refreshToken");
    execute(
        "UPDATE sessions SET expires_at = now() WHERE user_id = (SELECT id FROM users WHERE email = $1)",
        &member.email,
    )
    .await;
    refresh(&token).await.expect(401);
}

#[tokio::test]
async fn a_sign_in_ends_ninety_days_after_it_began_however_it_is_used() {
    let member = Member::register().await;
    let token = member.sign_in().await.get("refreshToken");
    execute(
        "UPDATE sessions SET created_at = created_at - interval '89 days 23 hours'
        WHERE user_id = (SELECT id FROM users WHERE email = $1)",
        &member.email,
    )
    .await;
    refresh(&token).await.expect(200);
    let soon: bool = sqlx::query_scalar(
        "SELECT expires_at <= now() + interval '1 hour' FROM sessions
        WHERE user_id = (SELECT id FROM users WHERE email = $1)",
    )
    .bind(&member.email)
    .fetch_one(&mut owner().await)
    .await
    .unwrap();
    assert!(soon);
}
