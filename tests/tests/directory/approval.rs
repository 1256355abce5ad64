//! What an account sees and does before staff have approved it.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Someone, marker, owner};

async fn approve(someone: &Someone, is_approved: bool) {
    sqlx::query("UPDATE users SET approved_at = CASE WHEN $2 THEN now() END WHERE id = $1")
        .bind(someone.member.id)
        .bind(is_approved)
        .execute(&mut owner().await)
        .await
        .unwrap();
}

/// A project for members and one for everybody, of this owner.
async fn add_projects(owner_id: Uuid, title: &str) -> [Uuid; 2] {
    let ids = [Uuid::now_v7(), Uuid::now_v7()];
    for (id, visibility) in ids.iter().zip(["MEMBERS_ONLY", "PUBLIC"]) {
        sqlx::query(
            "INSERT INTO projects (id, owner_id, title, description, category, status, visibility, published_at)
             VALUES ($1, $2, $3, 'x', 'COMMERCIAL', 'BIDDING_OPEN', $4, now())",
        )
        .bind(id)
        .bind(owner_id)
        .bind(title)
        .bind(visibility)
        .execute(&mut owner().await)
        .await
        .unwrap();
    }
    ids
}

async fn found(someone: &Someone, word: &str) -> usize {
    let list = someone.json(&format!("/v1/projects?q={word}")).await;
    list["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn who_is_not_approved_is_no_member_yet() {
    let word = marker();
    let boss = Someone::with(&["project_manager"]).await;
    let [for_members, for_all] = add_projects(boss.member.id, &word).await;
    let someone = Someone::with(&["member"]).await;
    assert_eq!(found(&someone, &word).await, 2);
    approve(&someone, false).await;

    for path in ["/v1/members", "/v1/projects/matches", "/v1/applications"] {
        let response = someone.get(path).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path}");
        let problem: Value = response.json().await.unwrap();
        assert!(
            problem["detail"].as_str().unwrap().contains("approve"),
            "{problem}"
        );
    }
    let bid = json!({ "bidAmountCents": 100, "coverLetter": "Ours." });
    let (status, _) = someone
        .send(
            Method::POST,
            &format!("/v1/projects/{for_all}/applications"),
            &bid,
        )
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);

    // What everybody sees, and no more.
    assert_eq!(found(&someone, &word).await, 1);
    let status = async |id: Uuid| someone.get(&format!("/v1/projects/{id}")).await.status();
    assert_eq!(status(for_all).await, StatusCode::OK);
    assert_eq!(status(for_members).await, StatusCode::NOT_FOUND);

    // The own profile can be filled in before.
    let own = someone.json("/v1/members/me").await;
    assert_eq!(own["id"], someone.member.id.to_string());
    let (status, _) = someone
        .send(Method::PATCH, "/v1/members/me", &json!({ "bio": "Waiting." }))
        .await;
    assert_eq!(status, StatusCode::OK);

    approve(&someone, true).await;
    assert_eq!(found(&someone, &word).await, 2);
    assert_eq!(someone.get("/v1/members").await.status(), StatusCode::OK);
}
