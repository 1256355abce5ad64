//! What is under way while the password or the second factor changes does not outlive the change.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use sqlx::Connection as _;

use crate::client::{Answer, Member, fresh_email, fresh_password, owner, post, send, somewhere};
use crate::mails;

/// A hash of some other password.
const OTHER: &str = "UPDATE users SET password_hash =
        '$argon2id$v=19$m=64,t=1,p=1$c2FsdCBvZiB0aGUgdGVzdA$Bt1reE0jUz0ZMNkiIIp5YzfQIRnb9D+6a21aMX5jQ+k'
    WHERE email = $1";

/// Changes the account in a transaction that is committed once the request waits for it.
async fn overtake(
    member: &Member,
    change: &str,
    request: impl Future<Output = Answer> + Send + 'static,
) -> Answer {
    let (mut changing, mut watching) = (owner().await, owner().await);
    let mut tx = changing.begin().await.unwrap();
    let done = sqlx::query(change)
        .bind(&member.email)
        .execute(&mut *tx)
        .await
        .unwrap();
    assert_eq!(done.rows_affected(), 1);
    let process: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    let request = tokio::spawn(request);
    let began = Instant::now();
    loop {
        let waits: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid)))",
        )
        .bind(process)
        .fetch_one(&mut watching)
        .await
        .unwrap();
        if waits {
            break;
        }
        assert!(!request.is_finished(), "{:?}", request.await);
        assert!(
            began.elapsed() < Duration::from_secs(8),
            "the request waits for nothing"
        );
    }
    tx.commit().await.unwrap();
    request.await.unwrap()
}

#[tokio::test]
async fn a_sign_in_by_the_old_password_does_not_succeed() {
    let member = Member::register().await;
    let body = member.credentials();
    let answer = overtake(&member, OTHER, async move {
        post("/v1/auth/login", &body, &somewhere()).await
    });
    answer.await.expect(401);
}

#[tokio::test]
async fn a_sign_in_without_the_second_factor_that_was_just_set_up_does_not_succeed() {
    let member = Member::register().await;
    let body = member.credentials();
    let set_up = "UPDATE users SET mfa_secret = '\\x01', mfa_enabled_at = now() WHERE email = $1";
    let answer = overtake(&member, set_up, async move {
        post("/v1/auth/login", &body, &somewhere()).await
    });
    answer.await.expect(401);
}

#[tokio::test]
async fn the_old_password_is_no_way_to_the_second_factor() {
    let member = Member::register().await;
    crate::client::execute(
        "UPDATE users SET mfa_secret = '\\x01', mfa_enabled_at = now() WHERE email = $1",
        &member.email,
    )
    .await;
    let body = member.credentials();
    let answer = overtake(&member, OTHER, async move {
        post("/v1/auth/login", &body, &somewhere()).await
    });
    answer.await.expect(401);
}

#[tokio::test]
async fn the_old_password_changes_neither_the_password_nor_the_address() {
    for path in ["/v1/auth/password/change", "/v1/auth/email/change"] {
        let member = Member::register().await;
        let access = member.sign_in().await.get("accessToken");
        let address = fresh_email();
        let (body, field) = if path.ends_with("email/change") {
            (
                json!({"newEmail": address, "password": member.password}),
                "password",
            )
        } else {
            let new = fresh_password();
            (
                json!({"currentPassword": member.password, "newPassword": new}),
                "currentPassword",
            )
        };
        let answer = overtake(&member, OTHER, async move {
            send(&Method::POST, path, Some(&body), Some(&access), &somewhere()).await
        });
        let answer = answer.await.expect(422);
        let pointer = answer.json()["errors"][0]["pointer"].clone();
        assert_eq!(pointer, format!("/body/{field}"), "{path}");
        assert_eq!(mails::count(&address, "EMAIL_CHANGE_CONFIRM").await, 0);
        assert_eq!(mails::count(&member.email, "PASSWORD_CHANGED").await, 0);
    }
}
