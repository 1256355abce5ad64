//! Tickets and findings, as staff work on them.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{Person, with_permissions};
use crate::support::{each, id_of, mailed, one, recorded, run};

async fn ticket(who: &Person, priority: &str) -> String {
    let body = json!({"category": "BUG", "subject": "The map", "content": "It does not load.", "priority": priority});
    id_of(&who.post("/v1/feedback", &body).await.expect(StatusCode::CREATED))
}

#[tokio::test]
async fn a_ticket_is_taken_answered_and_resolved() {
    let (member, clerk) = (Person::member().await, Person::with(&["support"]).await);
    let id = ticket(&member, "HIGH").await;
    let path = format!("/v1/admin/feedback/{id}");
    let shown = clerk.json(&path).await;
    assert_eq!(
        (&shown["assigneeId"], &shown["memberName"]),
        (&Value::Null, &json!(format!("{} Test", name(&member).await)))
    );
    let taken = json!({"status": "IN_PROGRESS", "assigneeId": clerk.id(), "reason": "I look into it"});
    let taken = clerk.patch(&path, &taken).await.expect(StatusCode::OK);
    assert_eq!(
        (&taken["status"], &taken["assigneeId"]),
        (&json!("IN_PROGRESS"), &json!(clerk.id()))
    );
    let replies = format!("{path}/replies");
    let reply = clerk.post(&replies, &json!({"content": "Which browser?"})).await;
    assert_eq!(reply.header("location"), replies);
    assert_eq!(reply.expect(StatusCode::CREATED)["isStaff"], true);
    let note = json!({"content": "It is the old one.", "internal": true, "reason": "For the next shift"});
    clerk.post(&replies, &note).await.expect(StatusCode::CREATED);
    assert_eq!(
        mailed(member.id()).await,
        ["TICKET_REPLIED"],
        "of the note nobody is told"
    );
    assert_eq!(
        each(&clerk.follow(&format!("{replies}?limit=1")).await, "/isInternal"),
        ["false", "true"]
    );
    assert_eq!(
        member.follow(&format!("/v1/feedback/{id}/replies")).await.len(),
        1
    );
    let body = json!({"status": "RESOLVED", "reason": "A new browser"});
    let resolved = clerk.patch(&path, &body).await.expect(StatusCode::OK);
    assert!(resolved["resolvedAt"].is_string());
    let actions: Vec<_> = recorded(member.id())
        .await
        .into_iter()
        .map(|(action, _, reason)| (action, reason))
        .collect();
    let said = |action: &str, reason: &str| (action.to_owned(), reason.to_owned());
    assert_eq!(
        actions,
        [
            said("feedback.change", "I look into it"),
            said("feedback.reply", "Which browser?"),
            said("feedback.note", "For the next shift"),
            said("feedback.change", "A new browser"),
        ]
    );
}

async fn name(person: &Person) -> String {
    one(
        "SELECT first_name FROM users WHERE id = $1",
        &person.id().to_string(),
    )
    .await
}

#[tokio::test]
async fn tickets_take_the_steps_that_there_are_and_go_to_who_may_answer_them() {
    let (member, clerk) = (Person::member().await, Person::with(&["support"]).await);
    let path = format!("/v1/admin/feedback/{}", ticket(&member, "LOW").await);
    let change = async |body: Value| clerk.patch(&path, &body).await;
    change(json!({"status": "CLOSED", "reason": "Spam"}))
        .await
        .expect(StatusCode::OK);
    change(json!({"status": "RESOLVED", "reason": "x"}))
        .await
        .expect(StatusCode::CONFLICT);
    // Nor to who could, but has no open account.
    let away = Person::with(&["support"]).await;
    run(&format!(
        "UPDATE users SET is_active = false WHERE id = '{}'",
        away.id()
    ))
    .await;
    assert_eq!(
        change(json!({"assigneeId": away.id(), "reason": "x"}))
            .await
            .pointers(),
        ["/body/assigneeId"]
    );
    let replies = format!("{path}/replies");
    clerk
        .post(&replies, &json!({"content": "late"}))
        .await
        .expect(StatusCode::CONFLICT);
    clerk
        .post(&replies, &json!({"content": "note", "internal": true}))
        .await
        .expect(StatusCode::CREATED);
    let said = recorded(member.id()).await;
    assert_eq!(
        said.last()
            .map(|(action, _, reason)| (action.as_str(), reason.as_str())),
        Some(("feedback.note", "A note.")),
        "what a note says is for those who answer tickets"
    );
    assert_eq!(
        change(json!({"assigneeId": member.id(), "reason": "x"}))
            .await
            .pointers(),
        ["/body/assigneeId"]
    );
    assert_eq!(
        change(json!({"priority": "SOON"})).await.pointers(),
        ["/body/priority", "/body/reason"]
    );
    let stale = clerk
        .send(
            Method::PATCH,
            &path,
            Some(&json!({"priority": "LOW", "reason": "x"})),
            &[("if-match", "\"1.x\"")],
        )
        .await;
    stale.expect(StatusCode::PRECONDITION_FAILED);
    member
        .patch(&path, &json!({"reason": "x"}))
        .await
        .expect(StatusCode::FORBIDDEN);
    let none = format!("/v1/admin/feedback/{}", Uuid::now_v7());
    clerk.get(&none).await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn tickets_are_listed_by_every_filter() {
    let (member, clerk, other) = (
        Person::member().await,
        Person::with(&["support"]).await,
        Person::with(&["support"]).await,
    );
    let mut mine = Vec::new();
    for priority in ["LOW", "HIGH", "URGENT", "LOW"] {
        let id = ticket(&member, priority).await;
        let body = json!({"assigneeId": clerk.id(), "reason": "Mine"});
        clerk
            .patch(&format!("/v1/admin/feedback/{id}"), &body)
            .await
            .expect(StatusCode::OK);
        mine.insert(0, id);
    }
    let body = json!({"status": "IN_PROGRESS", "reason": "Now"});
    clerk
        .patch(&format!("/v1/admin/feedback/{}", mine[0]), &body)
        .await
        .expect(StatusCode::OK);
    let list = async |filters: &str| {
        let path = format!("/v1/admin/feedback?assignee={}&limit=1{filters}", clerk.id());
        each(&clerk.follow(&path).await, "/id")
    };
    assert_eq!(list("").await, mine);
    assert_eq!(list("&status=IN_PROGRESS").await, mine[..1]);
    assert_eq!(
        list("&status=OPEN&priority=LOW&priority=URGENT").await,
        [mine[1].clone(), mine[3].clone()]
    );
    assert_eq!(list("&category=BILLING").await, [""; 0]);
    let none = clerk
        .json(&format!("/v1/admin/feedback?assignee={}&count=exact", other.id()))
        .await;
    assert_eq!(none["total"], 0);
}

#[tokio::test]
async fn a_finding_is_put_right_once_and_what_is_found_again_is_another() {
    let finance = Person::with(&["finance"]).await;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    let add = async |id: Uuid| {
        run(&format!(
            "INSERT INTO payment_findings (id, kind, subject, detail) VALUES ('{id}', 'UNKNOWN_INTENT', 'pi_{first}', 'Nobody knows it')"
        ))
        .await;
    };
    add(first).await;
    let path = format!("/v1/admin/findings/{first}");
    let shown = finance.json(&path).await;
    assert_eq!(
        (&shown["resolved"], &shown["resolution"]),
        (&json!(false), &Value::Null)
    );
    let body = json!({"resolved": true, "reason": "It was a test of the bank"});
    let done = finance.patch(&path, &body).await.expect(StatusCode::OK);
    assert_eq!(
        (&done["resolvedBy"], &done["resolution"]),
        (&json!(finance.id()), &json!("It was a test of the bank"))
    );
    add(second).await;
    let again = finance
        .patch(&path, &json!({"resolved": false, "reason": "Not yet"}))
        .await;
    again.expect(StatusCode::CONFLICT);
    let ids = |list: &[Value]| each(list, "/id");
    let open = ids(&finance.follow("/v1/admin/findings?resolved=false&limit=50").await);
    let closed = ids(&finance.follow("/v1/admin/findings?resolved=true&limit=50").await);
    assert!(open.contains(&second.to_string()) && !open.contains(&first.to_string()));
    assert!(closed.contains(&first.to_string()) && !closed.contains(&second.to_string()));
    let reader = with_permissions(&["payments.read"]).await;
    reader.json(&path).await;
    reader.patch(&path, &body).await.expect(StatusCode::FORBIDDEN);
    Person::member()
        .await
        .get("/v1/admin/findings")
        .await
        .expect(StatusCode::FORBIDDEN);
}
