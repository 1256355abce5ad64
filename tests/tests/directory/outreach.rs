//! Outreach to firms that are not members yet: for staff alone, and audited.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Someone, add_contractor, marker, owner, pointers};

#[tokio::test]
async fn staff_note_how_far_they_have_come_and_see_it_in_the_list() {
    let marker = marker();
    let number = add_contractor(&format!("FIRM {marker}")).await;
    let staff = Someone::with(&["support"]).await;
    let path = format!("/v1/contractors/{number}/outreach");
    let (status, outreach) = staff
        .send(
            Method::PATCH,
            &path,
            &json!({"outreachStatus": "CONTACTED", "outreachNotes": "Call again in May."}),
        )
        .await;
    assert_eq!(status, StatusCode::OK, "{outreach}");
    assert_eq!(outreach["outreachUpdatedBy"], json!(staff.member.id));
    let (_, cleared) = staff
        .send(Method::PATCH, &path, &json!({"outreachNotes": null}))
        .await;
    assert_eq!(
        (&cleared["outreachStatus"], &cleared["outreachNotes"]),
        (&json!("CONTACTED"), &Value::Null)
    );
    let list = staff
        .json(&format!("/v1/contractors?notMember=true&q={marker}"))
        .await;
    assert_eq!(list["items"][0]["outreachStatus"], "CONTACTED");
    let plain = staff.json(&format!("/v1/contractors?q={marker}")).await;
    assert!(plain["items"][0].get("outreachStatus").is_none());
    let audited: i64 =
        sqlx::query_scalar("SELECT count(*) FROM audit_log WHERE row_key LIKE $1 || '%' AND user_id = $2")
            .bind(&number)
            .bind(staff.member.id)
            .fetch_one(&mut owner().await)
            .await
            .unwrap();
    assert_eq!(audited, 2);
}

#[tokio::test]
async fn others_are_refused_and_faults_are_named() {
    let number = add_contractor(&marker()).await;
    let path = format!("/v1/contractors/{number}/outreach");
    let member = Someone::with(&["member"]).await;
    let body = json!({"outreachStatus": "JOINED"});
    assert_eq!(
        member.send(Method::PATCH, &path, &body).await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        member.get("/v1/contractors?notMember=true").await.status(),
        StatusCode::FORBIDDEN
    );
    let staff = Someone::with(&["support"]).await;
    let (status, problem) = staff
        .send(
            Method::PATCH,
            &path,
            &json!({"outreachStatus": "MAYBE", "outreachNotes": "", "x": 1}),
        )
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        pointers(&problem),
        ["/body/outreachStatus", "/body/outreachNotes", "/body/x"]
    );
    let nowhere = staff
        .send(Method::PATCH, "/v1/contractors/999999999999/outreach", &body)
        .await;
    assert_eq!(nowhere.0, StatusCode::NOT_FOUND);
    let first = staff.send(Method::PATCH, &path, &body).await;
    assert_eq!(first.0, StatusCode::OK);
    let stale = staff
        .ask(Method::PATCH, &path)
        .header("if-match", "\"1.x\"")
        .json(&json!({"outreachStatus": "NEW"}));
    assert_eq!(
        stale.send().await.unwrap().status(),
        StatusCode::PRECONDITION_FAILED
    );
}
