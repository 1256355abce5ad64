//! Invitations to projects that only invited members see.

use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{Person, ProjectCalls as _, new_poster};
use crate::support::{mailed, owner};

async fn invite(person: &Person, project: &str, member: Uuid) -> crate::people::Reply {
    let body = json!({"memberId": member});
    person
        .post(&format!("/v1/projects/{project}/invitations"), &body)
        .await
}

async fn invited(person: &Person, project: &str) -> Vec<Value> {
    let list = person.json(&format!("/v1/projects/{project}/invitations")).await;
    list["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_invited_member_sees_and_bids_until_uninvited() {
    let (poster, guest, other) = (
        new_poster().await,
        Person::with(&["member"]).await,
        Person::with(&["member"]).await,
    );
    let project = poster.open(json!({"visibility": "INVITE_ONLY"})).await;
    let path = format!("/v1/projects/{project}");
    guest.get(&path).await.expect(StatusCode::NOT_FOUND);
    let reply = invite(&poster, &project, guest.id()).await;
    assert_eq!(reply.header("location"), format!("{path}/invitations"));
    let invitation = reply.expect(StatusCode::CREATED);
    assert_eq!(invitation["userId"], guest.id().to_string());
    assert_eq!(invitation["invitedBy"], poster.id().to_string());
    invite(&poster, &project, guest.id())
        .await
        .expect(StatusCode::CREATED);
    assert_eq!(mailed("PROJECT_INVITATION", &project).await, [guest.id()]);
    guest.get(&path).await.expect(StatusCode::OK);
    other.get(&path).await.expect(StatusCode::NOT_FOUND);
    invite(&poster, &project, other.id())
        .await
        .expect(StatusCode::CREATED);
    assert_eq!(invited(&poster, &project).await.len(), 2);
    // A guest learns nothing of other guests.
    let own = invited(&guest, &project).await;
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["userId"], guest.id().to_string());
    guest.bid(&project, 1).await;

    let uninvite = format!("{path}/invitations?memberId={}", other.id());
    poster.delete(&uninvite).await.expect(StatusCode::NO_CONTENT);
    poster.delete(&uninvite).await.expect(StatusCode::NOT_FOUND);
    other.get(&path).await.expect(StatusCode::NOT_FOUND);
    other
        .post(&format!("{path}/applications"), &json!({"bidAmountCents": 100}))
        .await
        .expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn whoever_is_invited_to_a_draft_hears_of_it_when_it_is_published() {
    let (poster, guest, gone) = (
        new_poster().await,
        Person::with(&["member"]).await,
        Person::with(&["member"]).await,
    );
    let project = poster.draft(json!({"visibility": "INVITE_ONLY"})).await;
    for member in [&guest, &gone] {
        invite(&poster, &project, member.id())
            .await
            .expect(StatusCode::CREATED);
    }
    poster
        .delete(&format!(
            "/v1/projects/{project}/invitations?memberId={}",
            gone.id()
        ))
        .await
        .expect(StatusCode::NO_CONTENT);
    assert_eq!(mailed("PROJECT_INVITATION", &project).await, Vec::<Uuid>::new());
    guest
        .get(&format!("/v1/projects/{project}"))
        .await
        .expect(StatusCode::NOT_FOUND);
    poster.act(&project, "publish").await.expect(StatusCode::OK);
    assert_eq!(mailed("PROJECT_INVITATION", &project).await, [guest.id()]);
    guest
        .get(&format!("/v1/projects/{project}"))
        .await
        .expect(StatusCode::OK);
}

#[tokio::test]
async fn only_members_are_invited() {
    let (poster, closed) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.open(json!({})).await;
    sqlx::query("UPDATE users SET is_active = false WHERE id = $1")
        .bind(closed.id())
        .execute(&mut owner().await)
        .await
        .unwrap();
    for nobody in [closed.id(), Uuid::now_v7()] {
        assert_eq!(
            invite(&poster, &project, nobody).await.pointers(),
            ["/body/memberId"]
        );
    }
    assert_eq!(invited(&poster, &project).await, Vec::<Value>::new());
    let path = format!("/v1/projects/{project}/invitations");
    assert_eq!(poster.delete(&path).await.pointers(), ["/query/memberId"]);
    assert_eq!(
        poster.post(&path, &json!({"memberId": "me"})).await.pointers(),
        ["/body/memberId"]
    );
}
