//! Claims of contractors' licences.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Someone, add_contractor, marker, owner};

const PATH: &str = "/v1/members/me/license";

async fn claim(someone: &Someone, number: &str) -> (StatusCode, Value) {
    someone
        .send(Method::POST, PATH, &json!({ "licenseNumber": number }))
        .await
}

async fn is_member(number: &str) -> bool {
    sqlx::query_scalar("SELECT is_namc_member FROM california_contractors WHERE license_number = $1")
        .bind(number)
        .fetch_one(&mut owner().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_claimed_licence_makes_its_firm_a_member_until_it_is_given_back() {
    let number = add_contractor(&marker()).await;
    let someone = Someone::with(&["member"]).await;
    let (status, profile) = claim(&someone, &number).await;
    assert_eq!(
        (status, &profile["contractorLicense"]),
        (StatusCode::OK, &json!(number))
    );
    assert!(is_member(&number).await);
    assert_eq!(
        someone.json(&format!("/v1/contractors/{number}")).await["isNamcMember"],
        true
    );
    assert_eq!(
        claim(&someone, &number).await.0,
        StatusCode::OK,
        "a claim may be repeated"
    );
    assert_eq!(
        claim(&someone, &add_contractor(&marker()).await).await.0,
        StatusCode::CONFLICT,
        "one at a time"
    );
    let give_back = async || someone.ask(Method::DELETE, PATH).send().await.unwrap().status();
    assert_eq!(give_back().await, StatusCode::NO_CONTENT);
    assert!(!is_member(&number).await);
    assert_eq!(give_back().await, StatusCode::NOT_FOUND);
    let audited: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM audit_log WHERE table_name LIKE 'california_contractors%' AND row_key LIKE $1 || '%' AND user_id = $2",
    )
    .bind(&number)
    .bind(someone.member.id)
    .fetch_one(&mut owner().await)
    .await
    .unwrap();
    assert_eq!(audited, 2);
}

#[tokio::test]
async fn of_those_who_claim_one_licence_at_once_one_wins() {
    let number = add_contractor(&marker()).await;
    let mut members = Vec::new();
    for _ in 0..6 {
        members.push(Someone::with(&["member"]).await);
    }
    let claims = members.iter().map(|member| claim(member, &number));
    let outcomes = futures_util::future::join_all(claims).await;
    let count = |status| outcomes.iter().filter(|(outcome, _)| *outcome == status).count();
    assert_eq!(
        (count(StatusCode::OK), count(StatusCode::CONFLICT)),
        (1, 5),
        "{outcomes:?}"
    );
    let holders: i64 = sqlx::query_scalar("SELECT count(*) FROM users WHERE contractor_license = $1")
        .bind(&number)
        .fetch_one(&mut owner().await)
        .await
        .unwrap();
    assert_eq!(holders, 1);
}

#[tokio::test]
async fn what_cannot_be_claimed_is_refused_with_the_reason() {
    let someone = Someone::with(&["member"]).await;
    assert_eq!(
        claim(&someone, "999999999999").await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(claim(&someone, "12A").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let number = add_contractor(&marker()).await;
    let set = async |statement: &str, id: uuid::Uuid| {
        sqlx::query(statement)
            .bind(&number)
            .bind(id)
            .execute(&mut owner().await)
            .await
            .unwrap();
    };
    set("UPDATE california_contractors SET removed_from_source_on = now() WHERE license_number = $1 AND $2::uuid IS NOT NULL", someone.member.id).await;
    let (status, problem) = claim(&someone, &number).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        problem["detail"].as_str().unwrap().contains("revoked"),
        "{problem}"
    );
    set(
        "UPDATE users SET approved_at = NULL WHERE id = $2 AND $1::text IS NOT NULL",
        someone.member.id,
    )
    .await;
    let (status, problem) = claim(&someone, &number).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        problem["detail"].as_str().unwrap().contains("approved"),
        "{problem}"
    );
    assert!(!is_member(&number).await);
}

#[tokio::test]
async fn the_login_of_the_api_cannot_go_round_the_check() {
    let url = &portal_tests::stack::Stack::get().databases["portal_api"].primary;
    let mut api = <sqlx::PgConnection as sqlx::Connection>::connect(url)
        .await
        .unwrap();
    for statement in [
        "UPDATE users SET contractor_license = '1'",
        "UPDATE california_contractors SET is_namc_member = true",
        "UPDATE users SET skill_names = '{Everything}'",
    ] {
        let refused = sqlx::query(statement).execute(&mut api).await.unwrap_err();
        assert_eq!(
            refused.as_database_error().unwrap().code().unwrap(),
            "42501",
            "{statement}"
        );
    }
}
