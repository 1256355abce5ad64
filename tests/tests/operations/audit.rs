//! Browsing the audit: by row, by who it was, by time, with what was before and after.

use portal_tests::people::Person;
use portal_tests::primary::{marker, owner};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::Row as _;
use uuid::Uuid;

use crate::support::table as table_of;

async fn change(person: &Person, bio: &str) {
    let reply = person.patch("/v1/members/me", &json!({"bio": bio})).await;
    reply.expect(StatusCode::OK);
}

/// The ids that an independent query of the audit gives, the newest first.
async fn ids(condition: &str) -> Vec<i64> {
    let query = format!("SELECT id FROM audit_log WHERE {condition} ORDER BY created_at DESC, id DESC");
    let rows = sqlx::query(&query).fetch_all(&mut owner().await).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

fn listed(items: &[Value]) -> Vec<i64> {
    items.iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn a_row_has_its_history_before_and_after() {
    let staff = Person::with(&["administrator"]).await;
    let member = Person::member().await;
    let id = member.id();
    change(&member, "First").await;
    change(&member, "Second").await;
    let items = staff
        .follow(&format!("/v1/admin/audit?table=users&rowId={id}&limit=1"))
        .await;
    assert_eq!(
        listed(&items),
        ids(&format!("table_name = 'users' AND row_key = '{id}'")).await
    );
    let newest = &items[0];
    assert_eq!(newest["operation"], "UPDATE");
    assert_eq!(newest["before"]["bio"], "First");
    assert_eq!(newest["after"]["bio"], "Second");
    assert!(newest["after"].get("email").is_none(), "it has not changed");
    assert_eq!(newest["actor"]["id"], json!(id));
    assert!(newest["actor"]["name"].as_str().unwrap().ends_with(" Test"));
    assert_eq!(newest["databaseRole"], "portal_api");
    assert_eq!(newest["application"], "directory");
    assert!(newest["requestId"].is_string());
    let added = items.last().unwrap();
    assert_eq!(
        (&added["operation"], &added["before"]),
        (&json!("INSERT"), &json!(null))
    );
    assert!(added["after"]["email"].is_string());
    assert!(!added.to_string().contains("$argon2"), "secrets are redacted");
}

#[tokio::test]
async fn what_somebody_did_is_found_by_kind_and_by_time() {
    let staff = Person::with(&["administrator"]).await;
    let member = Person::member().await;
    change(&member, "Early").await;
    let middle: String = sqlx::query_scalar(
        "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    )
    .fetch_one(&mut owner().await)
    .await
    .unwrap();
    change(&member, "Late").await;
    let skills = json!({"skills": []});
    let replaced = member.send(Method::PUT, "/v1/members/me/skills", Some(&skills), &[]);
    replaced.await;
    let actor = member.id();
    for (query, condition) in [
        (String::new(), String::new()),
        (
            "&operation=UPDATE".to_owned(),
            " AND operation = 'UPDATE'".to_owned(),
        ),
        (
            "&operation=INSERT&operation=DELETE".to_owned(),
            " AND operation IN ('INSERT', 'DELETE')".to_owned(),
        ),
        (
            format!("&from={middle}"),
            format!(" AND created_at >= '{middle}'"),
        ),
        (format!("&to={middle}"), format!(" AND created_at < '{middle}'")),
        (
            format!("&from={middle}&table=users"),
            format!(" AND created_at >= '{middle}' AND table_name = 'users'"),
        ),
    ] {
        let items = staff
            .follow(&format!("/v1/admin/audit?actor={actor}&limit=2{query}"))
            .await;
        let expected = ids(&format!("user_id = '{actor}'{condition}")).await;
        assert_eq!(listed(&items), expected, "{query}");
        let path = format!("/v1/admin/audit?actor={actor}&count=exact{query}");
        assert_eq!(staff.json(&path).await["total"], expected.len(), "{query}");
    }
    let early = staff
        .json(&format!("/v1/admin/audit?actor={actor}&to={middle}&table=users"))
        .await;
    assert_eq!(early["items"][0]["after"]["bio"], "Early");
}

/// Changes of a table that there is not: nothing else has any.
async fn log(table: &str, rows: &[(&str, &str)]) {
    for (key, after) in rows {
        sqlx::query(
            "INSERT INTO audit_log (id, table_name, row_key, operation, after, database_role, application)
            VALUES (nextval('audit_log_id'), $1, $2, 'INSERT', jsonb_build_object('note', $3::text), 'portal_jobs', 'tests')",
        )
        .bind(table)
        .bind(key)
        .bind(after)
        .execute(&mut owner().await)
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn as_a_table_nothing_is_run_by_a_spreadsheet() {
    let staff = Person::with(&["administrator"]).await;
    let table = marker();
    log(&table, &[("=1+1", "a, \"b\""), ("plain", "c")]).await;
    let path = format!("/v1/admin/audit?table={table}");
    let reply = table_of(&staff, &path).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.header("content-disposition").contains("audit.csv"));
    let text = String::from_utf8(reply.bytes.clone()).unwrap();
    assert!(text.starts_with(
        "id,at,actorId,actorName,databaseRole,application,table,rowId,operation,before,after,requestId\r\n"
    ));
    assert_eq!(text.matches("\r\n").count(), 3);
    let first = text.lines().nth(2).unwrap();
    assert!(first.contains(&format!(",{table},'=1+1,INSERT,,")), "{first}");
    assert!(!text.contains(",=1+1"));
    let first = table_of(&staff, &format!("{path}&limit=1")).await;
    let text = String::from_utf8(first.bytes.clone()).unwrap();
    assert_eq!(text.matches("\r\n").count(), 2);
    let next = portal_tests::people::next_page(&first).unwrap();
    let second = table_of(&staff, &next).await;
    assert!(String::from_utf8(second.bytes.clone()).unwrap().contains("'=1+1"));
    assert!(second.headers.get("link").is_none());
}

#[tokio::test]
async fn the_audit_is_for_those_who_may_read_it_and_names_are_for_those_who_read_accounts() {
    let support = Person::with(&["support"]).await;
    support.get("/v1/admin/audit").await.expect(StatusCode::FORBIDDEN);
    let mut owner = owner().await;
    let reader = Person::member().await;
    let role = format!("auditor_{}", marker());
    sqlx::query(
        "WITH role AS (INSERT INTO roles (id, name, description) VALUES ($1, $2, 'Reads the audit') RETURNING id),
            allowed AS (
                INSERT INTO role_permissions (role_id, permission_id)
                SELECT role.id, p.id FROM role, permissions AS p WHERE p.name = 'audit.read')
        INSERT INTO user_roles (user_id, role_id) SELECT $3, id FROM role",
    )
    .bind(Uuid::now_v7())
    .bind(&role)
    .bind(reader.id())
    .execute(&mut owner)
    .await
    .unwrap();
    let member = Person::member().await;
    change(&member, "Something").await;
    let path = format!("/v1/admin/audit?actor={}", member.id());
    let entry = &reader.json(&path).await["items"][0];
    assert_eq!(entry["actor"], json!({"id": member.id(), "name": null}));
}

#[tokio::test]
async fn what_cannot_be_looked_for_is_refused_by_name() {
    let staff = Person::with(&["administrator"]).await;
    for (query, pointer) in [
        ("rowId=1", "/query/rowId"),
        ("actor=me", "/query/actor"),
        ("operation=READ", "/query/operation"),
        ("from=yesterday", "/query/from"),
        ("limit=0", "/query/limit"),
    ] {
        let reply = staff.get(&format!("/v1/admin/audit?{query}")).await;
        assert_eq!(reply.pointers(), [pointer], "{query}");
    }
}
