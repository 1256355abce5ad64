//! Who may post and run projects.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{Person, ProjectCalls as _, new_poster};
use crate::support::{owner, value};

/// Everything that changes a project, in an order in which all of it can be done.
fn changes(project: &str, member: &Person) -> Vec<(Method, String, Option<Value>)> {
    let path = format!("/v1/projects/{project}");
    let file = json!({"name": "a.txt", "mediaType": "text/plain", "sizeBytes": 1, "checksumSha256": "A".repeat(43) + "="});
    let post = |action: &str, body: Option<Value>| (Method::POST, format!("{path}/{action}"), body);
    vec![
        (
            Method::PATCH,
            path.clone(),
            Some(json!({"title": "Another library"})),
        ),
        post("publish", None),
        post("addenda", Some(json!({"summary": "The gate is on the left."}))),
        post("invitations", Some(json!({"memberId": member.id()}))),
        (
            Method::DELETE,
            format!("{path}/invitations?memberId={}", member.id()),
            None,
        ),
        post("files", Some(file)),
        post("open", None),
        post("close", None),
        post("cancel", None),
        (Method::DELETE, path, None),
    ]
}

async fn all_are(person: &Person, changes: &[(Method, String, Option<Value>)], status: StatusCode) {
    for (method, path, body) in changes {
        let reply = person.send(method.clone(), path, body.as_ref(), &[]).await;
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.body);
    }
}

#[tokio::test]
async fn a_project_is_changed_by_its_owner_and_staff_alone() {
    let poster = new_poster().await;
    let (rival, member) = (new_poster().await, Person::with(&["member"]).await);
    for staff in ["project_manager", "administrator"] {
        let staff = Person::with(&[staff]).await;
        for person in [&poster, &staff] {
            let hidden = poster.draft(json!({"visibility": "PRIVATE"})).await;
            let shown = poster.draft(json!({})).await;
            poster.act(&shown, "publish").await.expect(StatusCode::OK);
            let seen = changes(&shown, &member);
            all_are(&Person::stranger(), &seen, StatusCode::UNAUTHORIZED).await;
            all_are(&rival, &seen, StatusCode::FORBIDDEN).await;
            all_are(&member, &seen, StatusCode::FORBIDDEN).await;
            let unseen = changes(&hidden, &member);
            all_are(&rival, &unseen, StatusCode::NOT_FOUND).await;
            all_are(&member, &unseen, StatusCode::NOT_FOUND).await;
            for (method, path, body) in unseen {
                let reply = person.send(method.clone(), &path, body.as_ref(), &[]).await;
                assert!(reply.status.is_success(), "{method} {path}: {}", reply.body);
            }
        }
    }
}

#[tokio::test]
async fn posting_takes_a_permission_which_ends_with_the_role() {
    let (member, poster) = (Person::with(&["member"]).await, new_poster().await);
    let project = json!({"title": "A library", "category": "COMMERCIAL"});
    Person::stranger()
        .post("/v1/projects", &project)
        .await
        .expect(StatusCode::UNAUTHORIZED);
    let refusal = member
        .post("/v1/projects", &project)
        .await
        .detail(StatusCode::FORBIDDEN);
    assert_eq!(refusal, "This takes the permission projects.create.");
    let mine = poster.open(json!({})).await;
    sqlx::query("DELETE FROM user_roles WHERE user_id = $1")
        .bind(poster.id())
        .execute(&mut owner().await)
        .await
        .unwrap();
    poster
        .post("/v1/projects", &project)
        .await
        .expect(StatusCode::FORBIDDEN);
    poster.act(&mine, "close").await.expect(StatusCode::FORBIDDEN);
    poster
        .patch(&format!("/v1/projects/{mine}"), &json!({"title": "X"}))
        .await
        .expect(StatusCode::FORBIDDEN);
    // What was posted before is still shown to who posted it.
    assert_eq!(
        poster.json(&format!("/v1/projects/{mine}")).await["title"],
        "A library"
    );
}

#[tokio::test]
async fn a_change_is_audited_with_who_made_it_and_the_request() {
    let (poster, staff) = (new_poster().await, Person::with(&["project_manager"]).await);
    let project = poster.draft(json!({})).await;
    let reply = staff
        .patch(&format!("/v1/projects/{project}"), &json!({"title": "A school"}))
        .await;
    let request = reply.header("x-request-id").to_owned();
    reply.expect(StatusCode::OK);
    let entry: Value = value(
        "SELECT to_jsonb(a) FROM audit_log AS a
        WHERE table_name = 'projects' AND row_key = $1::text ORDER BY id DESC LIMIT 1",
        &project,
    )
    .await;
    assert_eq!(entry["operation"], "UPDATE");
    assert_eq!(entry["user_id"], staff.id().to_string());
    assert_eq!(entry["request_id"], request);
    assert_eq!(
        (&entry["before"]["title"], &entry["after"]["title"]),
        (&json!("A library"), &json!("A school"))
    );
}
