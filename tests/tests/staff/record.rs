//! The record of what staff did: every change leaves its row, and lists of them find it.

use std::collections::BTreeSet;

use portal_http::routes;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{Person, StaffCalls, new_administrator};
use crate::support::{each, id_of, marker, owner, pending, role_of, run};

/// Does what an operation is for, with this reason.
async fn perform(staff: &Person, operation: &str, reason: &str) {
    let with = |mut body: Value| {
        body["reason"] = reason.into();
        body
    };
    let member = Person::member().await;
    let users = "/v1/admin/users";
    let reply = match operation {
        "approve_user" => {
            staff
                .post(&format!("{users}/{}/approve", pending().await), &with(json!({})))
                .await
        }
        "suspend_user" => {
            staff
                .post(&format!("{users}/{}/suspend", member.id()), &with(json!({})))
                .await
        }
        "reinstate_user" => {
            staff.act(member.id(), "suspend").await.expect(StatusCode::OK);
            staff
                .post(&format!("{users}/{}/reinstate", member.id()), &with(json!({})))
                .await
        }
        "replace_user_roles" => {
            let path = format!("{users}/{}/roles", member.id());
            staff
                .send(Method::PUT, &path, Some(&with(json!({"roles": []}))), &[])
                .await
        }
        "merge_users" => {
            let other = Person::member().await;
            let preview = staff
                .preview(member.id(), other.id())
                .await
                .expect(StatusCode::OK);
            let body = json!({"keepId": member.id(), "mergeId": other.id(), "previewVersion": preview["previewVersion"]});
            staff.post(&format!("{users}/merge"), &with(body)).await
        }
        "create_role" => {
            let name = role_of(&[]).await + "_new";
            staff
                .post(
                    "/v1/admin/roles",
                    &with(json!({"name": name, "description": "d", "permissions": []})),
                )
                .await
        }
        "change_role" => {
            let path = format!("/v1/admin/roles/{}", role_of(&[]).await);
            staff
                .patch(&path, &with(json!({"permissions": ["users.read"]})))
                .await
        }
        "delete_role" => {
            let path = format!("/v1/admin/roles/{}", role_of(&[]).await);
            staff
                .send(Method::DELETE, &path, Some(&with(json!({}))), &[])
                .await
        }
        "change_help_ticket" | "reply_to_ticket" => {
            let ticket = json!({"category": "BUG", "subject": "s", "content": "c"});
            let id = id_of(
                &member
                    .post("/v1/feedback", &ticket)
                    .await
                    .expect(StatusCode::CREATED),
            );
            let path = format!("/v1/admin/feedback/{id}");
            match operation {
                "change_help_ticket" => staff.patch(&path, &with(json!({"priority": "LOW"}))).await,
                _ => {
                    staff
                        .post(&format!("{path}/replies"), &with(json!({"content": "c"})))
                        .await
                }
            }
        }
        "decide_message_report" => {
            let (message, report) = (Uuid::now_v7(), Uuid::now_v7());
            run(&format!(
                "INSERT INTO messages (id, sender_id, receiver_id, content) VALUES ('{message}', '{}', '{}', 'x');
                INSERT INTO message_reports (id, message_id, reported_by, reason, excerpt) VALUES ('{report}', '{message}', '{}', 'r', 'x')",
                member.id(), Person::member().await.id(), Person::member().await.id()
            ))
            .await;
            staff
                .patch(
                    &format!("/v1/admin/message-reports/{report}"),
                    &with(json!({"status": "DISMISSED"})),
                )
                .await
        }
        "resolve_finding" => {
            let id = Uuid::now_v7();
            run(&format!("INSERT INTO payment_findings (id, kind, subject, detail) VALUES ('{id}', 'UNKNOWN_INTENT', '{id}', 'd')")).await;
            staff
                .patch(
                    &format!("/v1/admin/findings/{id}"),
                    &with(json!({"resolved": true})),
                )
                .await
        }
        "add_import" => {
            let body = json!({"sizeBytes": 10, "checksumSha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "dryRun": true});
            staff.post("/v1/admin/imports", &with(body)).await
        }
        "undo_import" => {
            // The newest of all, and one that has brought nothing: nothing is taken from the other tests.
            let id = Uuid::now_v7();
            run(&format!(
                "INSERT INTO import_runs (id, bucket, object_key, state, started_at, finished_at)
                VALUES ('{id}', 'b', '{id}', 'COMPLETED', '2100-01-01', '2100-01-02')"
            ))
            .await;
            staff
                .post(&format!("/v1/admin/imports/{id}/undo"), &with(json!({})))
                .await
        }
        other => panic!("say here what {other} does, so that it is seen to leave an action"),
    };
    assert!(
        reply.status.is_success(),
        "{operation}: {} {}",
        reply.status,
        reply.body
    );
}

/// Operations of the function that change nothing, by their method or by what they are, or that other tests are for.
fn changes() -> BTreeSet<&'static str> {
    let ours = routes::all().filter(|route| route.function == admin::FUNCTION && !route.reads());
    ours.map(|route| route.operation)
        .filter(|operation| *operation != "preview_merge")
        .collect()
}

#[tokio::test]
async fn every_change_leaves_one_action_with_its_reason() {
    let staff = new_administrator().await;
    for operation in changes() {
        let reason = format!("For {operation}, {}", marker());
        perform(&staff, operation, &reason).await;
        let rows: Vec<(Uuid, bool, bool)> = sqlx::query_as(
            "SELECT user_id, request_id IS NOT NULL, target_id IS NOT NULL FROM admin_actions WHERE reason = $1",
        )
        .bind(&reason)
        .fetch_all(&mut owner().await)
        .await
        .unwrap();
        assert_eq!(rows, [(staff.id(), true, true)], "{operation}");
    }
}

#[tokio::test]
async fn actions_are_listed_by_actor_target_action_and_time() {
    let staff = new_administrator().await;
    let member = Person::member().await;
    for action in ["suspend", "reinstate", "suspend", "reinstate"] {
        staff.act(member.id(), action).await.expect(StatusCode::OK);
    }
    staff.give(member.id(), &json!([])).await.expect(StatusCode::OK);
    let list = async |filters: &str| {
        let path = format!("/v1/admin/actions?actor={}&limit=2{filters}", staff.id());
        staff.follow(&path).await
    };
    let all = list("").await;
    let names = [
        "roles.assign",
        "users.reinstate",
        "users.suspend",
        "users.reinstate",
        "users.suspend",
    ];
    assert_eq!(each(&all, "/action"), names);
    assert_eq!(list(&format!("&target={}", member.id())).await, all);
    assert_eq!(list(&format!("&target={}", staff.id())).await, [] as [Value; 0]);
    assert_eq!(
        each(
            &list("&action=users.suspend&action=roles.assign").await,
            "/action"
        ),
        [names[0], names[2], names[4]]
    );
    let third = all[2]["createdAt"].as_str().unwrap();
    assert_eq!(list(&format!("&from={third}")).await, all[..3]);
    assert_eq!(list(&format!("&to={third}")).await, all[3..]);
    assert_eq!(all[0]["details"]["after"], json!([]));
    let counted = staff
        .json(&format!("/v1/admin/actions?actor={}&count=exact", staff.id()))
        .await;
    assert_eq!(counted["total"], 5);
    let bad = staff
        .get("/v1/admin/actions?actor=x&action=nope&from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z")
        .await;
    assert_eq!(bad.pointers(), ["/query/action", "/query/actor", "/query/to"]);
    let other = Person::member().await;
    other.get("/v1/admin/actions").await.expect(StatusCode::FORBIDDEN);
}
