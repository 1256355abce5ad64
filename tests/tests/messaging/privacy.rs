//! Only two people can read a message: not another member, not staff, not the audit.

use portal_data::RequestContext;
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use crate::support::{Someone, count, owner};

#[tokio::test]
async fn nobody_else_finds_a_message_by_its_id() {
    let (ana, bo) = (Someone::with(&[]).await, Someone::with(&[]).await);
    let id = ana.write(&bo, "between us").await;
    for role in ["member", "administrator"] {
        let eve = Someone::with(&[role]).await;
        let missing = eve.get(&format!("/v1/messages/{}", Uuid::now_v7())).await;
        let hidden = eve.get(&format!("/v1/messages/{id}")).await;
        assert_eq!(
            (missing.status(), hidden.status()),
            (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND)
        );
        for other in [&ana, &bo] {
            let thread = eve
                .json(&format!("/v1/conversations/{}/messages", other.id()))
                .await;
            assert_eq!(thread["items"], json!([]), "{role}");
        }
        let archive = format!("/v1/messages/{id}/archive");
        assert_eq!(eve.act(Method::POST, &archive).await, StatusCode::NOT_FOUND);
        let report = format!("/v1/messages/{id}/report");
        assert_eq!(
            eve.post(&report, &json!({"reason": "x"})).await.0,
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn staff_see_of_a_reported_message_how_it_begins() {
    let (ana, bo) = (Someone::with(&[]).await, Someone::with(&[]).await);
    let content = format!("BUY NOW {}", "cheap ".repeat(500));
    let id = ana.write(&bo, &content).await;
    let report = format!("/v1/messages/{id}/report");
    let (status, problem) = bo.post(&report, &json!({"why": "spam"})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    for reason in ["spam", "again"] {
        assert_eq!(
            bo.post(&report, &json!({"reason": reason})).await.0,
            StatusCode::NO_CONTENT
        );
    }
    assert_eq!(
        ana.post(&report, &json!({"reason": "me"})).await.0,
        StatusCode::CONFLICT
    );
    let (reason, excerpt): (String, String) =
        sqlx::query_as("SELECT reason, excerpt FROM message_reports WHERE message_id = $1::uuid")
            .bind(&id)
            .fetch_one(&mut owner().await)
            .await
            .unwrap();
    assert_eq!((reason.as_str(), excerpt.chars().count()), ("spam", 1000));
    assert!(excerpt.starts_with("BUY NOW cheap"));
    // The report is in the audit, the message is not.
    let audited = "SELECT count(*) FROM audit_log WHERE user_id = $1";
    assert_eq!(count(audited, bo.id()).await, 1);
    assert_eq!(count(audited, ana.id()).await, 0);
}

/// Under the policies themselves, whatever the functions ask for.
#[tokio::test]
async fn no_role_of_ours_reads_the_words_of_others() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let ana = Member::add(&mut owner, "ana", &[]).await;
    let bo = Member::add(&mut owner, "bo", &[]).await;
    let staff = Member::add(&mut owner, "staff", &["administrator"]).await;
    sqlx::query("INSERT INTO messages (id, sender_id, receiver_id, content) VALUES (gen_random_uuid(), $1, $2, 'secret')")
        .bind(ana.id)
        .bind(bo.id)
        .execute(&mut owner)
        .await
        .unwrap();
    let sees = async |role: &str, context: RequestContext| {
        let mut tx = database.open(role, false).await.begin(&context).await.unwrap();
        let contents: Result<Vec<String>, _> = sqlx::query_scalar("SELECT content FROM messages")
            .fetch_all(&mut tx)
            .await;
        contents.map_err(|error| error.as_database_error().unwrap().code().unwrap().into_owned())
    };
    for person in [ana, bo] {
        assert_eq!(
            sees("portal_api", person.request()).await,
            Ok(vec!["secret".to_owned()])
        );
    }
    assert_eq!(sees("portal_api", staff.request()).await, Ok(vec![]));
    for role in ["portal_admin", "portal_auth", "portal_jobs"] {
        assert_eq!(
            sees(role, staff.request()).await,
            Err("42501".to_owned()),
            "{role}"
        );
    }
}

/// What a sender must not write past the functions' own checks, the policy refuses.
#[tokio::test]
async fn the_database_refuses_what_the_receiver_does_not_take() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let ana = Member::add(&mut owner, "ana", &[]).await;
    let bo = Member::add(&mut owner, "bo", &[]).await;
    let write = async || {
        let mut tx = database
            .open("portal_api", false)
            .await
            .begin(&ana.request())
            .await
            .unwrap();
        let done = sqlx::query("INSERT INTO messages (id, sender_id, receiver_id, content) VALUES (gen_random_uuid(), $1, $2, 'x')")
            .bind(ana.id)
            .bind(bo.id)
            .execute(&mut tx)
            .await;
        done.is_ok()
    };
    assert!(write().await);
    for (refusal, back) in [
        (
            "INSERT INTO member_blocks (user_id, blocked_id) SELECT b.id, a.id FROM users AS a, users AS b
                WHERE a.first_name = 'ana' AND b.first_name = 'bo'",
            "DELETE FROM member_blocks",
        ),
        (
            "INSERT INTO notification_settings (user_id, accepts_messages) SELECT id, false FROM users WHERE first_name = 'bo'",
            "DELETE FROM notification_settings",
        ),
        (
            "UPDATE users SET is_active = false, suspended_at = now() WHERE first_name = 'bo'",
            "UPDATE users SET is_active = true, suspended_at = NULL",
        ),
    ] {
        sqlx::raw_sql(refusal).execute(&mut owner).await.unwrap();
        assert!(!write().await, "{refusal}");
        sqlx::raw_sql(back).execute(&mut owner).await.unwrap();
        assert!(write().await, "{back}");
    }
}
