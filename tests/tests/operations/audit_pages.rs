//! The audit of rows with much in them, of one request, and for those who may not see such rows.

use portal_tests::people::Person;
use portal_tests::primary::{marker, owner};
use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{self, House};

/// What a function may answer, in bytes.
const MOST: usize = 6_000_000;

/// Changes of a table, each with so many quotes in it: in an answer, which is JSON in JSON, one is four characters.
async fn large(table: &str, quotes: &[i32]) {
    sqlx::query(
        "INSERT INTO audit_log (id, table_name, row_key, operation, before, after, database_role, application)
        SELECT nextval('audit_log_id'), $1, n::text, 'UPDATE', jsonb_build_object('note', repeat('\"', quotes)),
            jsonb_build_object('note', repeat('😀', quotes / 2)), 'portal_api', 'tests'
        FROM unnest($2::integer[]) WITH ORDINALITY AS l (quotes, n)",
    )
    .bind(table)
    .bind(quotes)
    .execute(&mut owner().await)
    .await
    .unwrap();
}

/// How large an answer is as the function hands it on.
fn handed_on(body: &[u8]) -> usize {
    serde_json::to_string(std::str::from_utf8(body).unwrap())
        .unwrap()
        .len()
}

#[tokio::test]
async fn rows_with_much_in_them_fill_more_pages_and_none_is_left_out() {
    let staff = Person::with(&["administrator"]).await;
    let table = marker();
    // One that is a page of its own, among small ones.
    let mut quotes = vec![60_000; 30];
    quotes.extend([10, 700_000, 10, 10]);
    large(&table, &quotes).await;
    let path = format!("/v1/admin/audit?table={table}&limit=25&count=exact");
    let mut keys = Vec::new();
    let mut next = Some(path.clone());
    let mut pages = 0;
    while let Some(path) = next {
        let reply = staff.get(&path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert!(handed_on(&reply.bytes) < MOST, "{}", reply.bytes.len());
        if pages == 0 {
            assert_eq!(reply.body["total"], quotes.len(), "told with the first page");
        }
        let items = reply.body["items"].as_array().unwrap();
        assert!(!items.is_empty());
        keys.extend(
            items
                .iter()
                .map(|item| item["rowId"].as_str().unwrap().to_owned()),
        );
        assert_eq!(
            reply.body["nextCursor"].is_null(),
            reply.headers.get("link").is_none()
        );
        next = portal_tests::people::next_page(&reply);
        pages += 1;
    }
    assert!(pages > 2, "more than 25 to a page would have made it two");
    let expected: Vec<String> = (1..=quotes.len()).rev().map(|key| key.to_string()).collect();
    assert_eq!(keys, expected);

    let part = support::table(&staff, &format!("/v1/admin/audit?table={table}&limit=100")).await;
    assert_eq!(part.status, StatusCode::OK);
    assert!(handed_on(&part.bytes) < MOST, "{}", part.bytes.len());
    assert!(part.headers.get("link").is_some());
    let whole = support::table(&staff, &format!("/v1/admin/audit?table={table}")).await;
    assert_eq!(whole.expect(StatusCode::OK)["rows"], quotes.len());
}

#[tokio::test]
async fn what_a_request_has_changed_is_found_by_its_id() {
    let staff = Person::with(&["administrator"]).await;
    let member = Person::member().await;
    let changed = member
        .patch("/v1/members/me", &json!({"bio": "By this request"}))
        .await;
    let request = changed.header("x-request-id").to_owned();
    changed.expect(StatusCode::OK);
    member
        .patch("/v1/members/me", &json!({"bio": "By another"}))
        .await;
    let items = staff
        .follow(&format!("/v1/admin/audit?requestId={request}&limit=1"))
        .await;
    assert!(!items.is_empty());
    assert!(
        items.iter().all(|item| item["requestId"] == json!(request)),
        "{items:?}"
    );
    assert!(items.iter().any(|item| item["after"]["bio"] == "By this request"));
    let none = staff
        .json(&format!(
            "/v1/admin/audit?requestId={}&count=exact",
            Uuid::now_v7()
        ))
        .await;
    assert_eq!((&none["items"], &none["total"]), (&json!([]), &json!(0)));
    let odd = staff.get("/v1/admin/audit?requestId=abc").await;
    assert_eq!(odd.pointers(), ["/query/requestId"]);
}

/// Somebody with these permissions.
async fn with(permissions: &[&str]) -> Person {
    let person = Person::member().await;
    sqlx::query(
        "WITH role AS (INSERT INTO roles (id, name, description) VALUES ($1, $2, 'Reads') RETURNING id),
            allowed AS (
                INSERT INTO role_permissions (role_id, permission_id)
                SELECT role.id, p.id FROM role, permissions AS p WHERE p.name = ANY ($3))
        INSERT INTO user_roles (user_id, role_id) SELECT $4, id FROM role",
    )
    .bind(Uuid::now_v7())
    .bind(format!("auditor_{}", marker()))
    .bind(permissions)
    .bind(person.id())
    .execute(&mut owner().await)
    .await
    .unwrap();
    person
}

#[tokio::test]
async fn what_stood_in_a_row_is_for_those_who_may_see_such_rows() {
    let member = Person::member().await;
    let ticket = json!({"category": "BUG", "subject": "s", "content": "My secret"});
    member
        .post("/v1/feedback", &ticket)
        .await
        .expect(StatusCode::CREATED);
    member
        .patch("/v1/members/me", &json!({"bio": "My life"}))
        .await
        .expect(StatusCode::OK);
    for (permissions, table, sees) in [
        (&["audit.read"][..], "users", false),
        (&["audit.read"], "member_feedback", false),
        (&["audit.read", "users.read"], "users", true),
        (&["audit.read", "users.read"], "member_feedback", false),
        (&["audit.read", "feedback.manage"], "member_feedback", true),
    ] {
        let reader = with(permissions).await;
        let path = format!("/v1/admin/audit?actor={}&table={table}", member.id());
        let entry = reader.json(&path).await["items"][0].clone();
        assert_eq!(entry["table"], table);
        assert_eq!(entry["isWithheld"], !sees, "{permissions:?} {entry}");
        assert_eq!(entry["after"] != Value::Null, sees, "{permissions:?} {entry}");
        let shown = support::table(&reader, &path).await;
        let text = String::from_utf8(shown.bytes).unwrap();
        assert_eq!(
            text.contains("My secret") || text.contains("My life"),
            sees,
            "{permissions:?} {table}"
        );
    }
}

#[tokio::test]
async fn of_every_audited_table_it_is_said_who_sees_its_rows() {
    let mut house = House::create().await;
    let unsaid: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
        WHERE t.tgname = 'audit' AND NOT c.relispartition AND app.audited_under(c.relname) IS NULL
        UNION ALL
        SELECT DISTINCT app.audited_under(c.relname) FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
        WHERE t.tgname = 'audit' AND app.audited_under(c.relname) NOT IN (SELECT name FROM permissions)",
    )
    .fetch_all(&mut house.owner)
    .await
    .unwrap();
    assert_eq!(unsaid, Vec::<String>::new());
}
