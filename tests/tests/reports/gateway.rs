//! The routes: who may, what is refused, and that a table says the same as JSON.

use portal_tests::people::{Person, Reply};
use portal_tests::primary::{newest_write, owner};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use uuid::Uuid;

const REPORTS: [&str; 5] = ["members", "projects", "events", "revenue", "outreach"];

async fn csv(person: &Person, path: &str) -> Reply {
    let newest = newest_write().await;
    let headers = [("accept", "text/csv"), ("portal-consistency", newest.as_str())];
    let reply = person.send(Method::GET, path, None, &headers).await;
    assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.body);
    assert!(reply.header("content-type").starts_with("text/csv"));
    reply
}

fn lines(reply: &Reply) -> Vec<Vec<String>> {
    let text = String::from_utf8(reply.bytes.clone()).unwrap();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect();
    text.lines().map(cells).collect()
}

/// A value as it stands in a cell.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Every column of the table is a member of each row, and has its value.
fn assert_same(table: &[Vec<String>], rows: &Value) {
    let rows = rows.as_array().unwrap();
    assert_eq!(table.len(), rows.len() + 1);
    for (line, row) in table[1..].iter().zip(rows) {
        for (column, text) in table[0].iter().zip(line) {
            let value = &row[column.as_str()];
            let same = value.as_f64().is_some_and(|value| text.parse() == Ok(value));
            assert!(same || *text == cell(value), "{column}: {text:?} is not {value}");
        }
    }
}

#[tokio::test]
async fn a_table_says_the_same_as_json() {
    let finance = Person::with(&["finance"]).await;
    for name in REPORTS {
        let path = format!("/v1/admin/reports/{name}?from=1990-02-10&to=1991-01-03&period=quarter");
        let report = finance.json(&path).await;
        assert_eq!(report["timeZone"], "America/Los_Angeles");
        assert_eq!(report["periods"].as_array().unwrap().len(), 5, "{name}: {report}");
        assert_eq!(
            (&report["periods"][0]["from"], &report["periods"][4]["to"]),
            (&"1990-02-10".into(), &"1991-01-03".into())
        );
        let path = if name == "outreach" {
            format!("{path}&table=periods")
        } else {
            path
        };
        let reply = csv(&finance, &path).await;
        assert!(
            reply
                .header("content-disposition")
                .contains(&format!("{name}.csv"))
        );
        assert_same(&lines(&reply), &report["periods"]);
    }
}

#[tokio::test]
async fn what_happened_at_the_edge_of_a_day_counts_there() {
    // No other test has events in these years.
    let organizer = Person::with(&["event_manager"]).await.id();
    let mut owner = owner().await;
    for (begins, status) in [
        ("1972-03-01 07:59:59.999999+00", "COMPLETED"),
        ("1972-03-01 08:00:00+00", "COMPLETED"),
        ("1972-04-01 07:59:59.999999+00", "CANCELLED"),
        ("1972-04-01 08:00:00+00", "COMPLETED"),
        ("1972-03-09 20:00:00+00", "DRAFT"),
    ] {
        sqlx::query(
            "INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at)
            VALUES ($1, $2, 'Long ago', 'AWARDS', $3, $4::timestamptz, $4::timestamptz + interval '1 hour')",
        )
        .bind(Uuid::now_v7())
        .bind(organizer)
        .bind(status)
        .bind(begins)
        .execute(&mut owner)
        .await
        .unwrap();
    }
    let finance = Person::with(&["finance"]).await;
    let report = finance
        .json("/v1/admin/reports/events?from=1972-02-01&to=1972-04-30")
        .await;
    let counts = |field: &str| -> Vec<i64> {
        let periods = report["periods"].as_array().unwrap().iter();
        periods.map(|period| period[field].as_i64().unwrap()).collect()
    };
    assert_eq!(counts("events"), [1, 1, 1]);
    assert_eq!(counts("cancelledEvents"), [0, 1, 0]);
    let awards = report["byType"].as_array().unwrap().iter();
    let awards = awards.filter(|one| one["type"] == "AWARDS");
    assert_eq!(awards.map(|one| one["events"].as_i64().unwrap()).sum::<i64>(), 3);
}

#[tokio::test]
async fn outreach_is_by_county_and_class_as_tables_too() {
    let finance = Person::with(&["finance"]).await;
    let report = finance.json("/v1/admin/reports/outreach").await;
    for (table, rows, name) in [
        ("counties", "byCounty", "county"),
        ("classes", "byClass", "class"),
    ] {
        let reply = csv(&finance, &format!("/v1/admin/reports/outreach?table={table}")).await;
        let mut table = lines(&reply);
        assert_eq!(table[0].remove(0), "name");
        table[0].insert(0, name.to_owned());
        assert_eq!(table.len(), report[rows].as_array().unwrap().len() + 1);
    }
    let counties = report["byCounty"].as_array().unwrap().iter();
    let sum: i64 = counties.map(|county| county["licences"].as_i64().unwrap()).sum();
    assert_eq!(report["totals"]["licences"], sum);
}

#[tokio::test]
async fn reports_are_for_those_who_may_read_them() {
    let member = Person::member().await;
    for name in REPORTS {
        let path = format!("/v1/admin/reports/{name}");
        assert_eq!(member.get(&path).await.status, StatusCode::FORBIDDEN, "{name}");
        let stranger = Person::stranger().get(&path).await;
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED, "{name}");
    }
}

#[tokio::test]
async fn what_cannot_be_reported_is_refused_by_name() {
    let finance = Person::with(&["finance"]).await;
    for (query, pointers) in [
        ("from=2026-02-01&to=2026-01-31", vec!["/query/from"]),
        ("from=2020-01-01&to=2026-01-01&period=day", vec!["/query/from"]),
        (
            "from=yesterday&to=2026-13-01&period=decade",
            vec!["/query/from", "/query/period", "/query/to"],
        ),
        ("tier=gold", vec!["/query/tier"]),
    ] {
        let reply = finance.get(&format!("/v1/admin/reports/revenue?{query}")).await;
        assert_eq!(reply.pointers(), pointers, "{query}");
    }
    let path = "/v1/admin/reports/outreach?class=nonsense&table=graph";
    let pointers = finance.get(path).await.pointers();
    assert_eq!(pointers, ["/query/class", "/query/table"]);
    let accept = [("accept", "image/png")];
    let path = "/v1/admin/reports/members";
    let reply = finance.send(Method::GET, path, None, &accept).await;
    assert_eq!(reply.status, StatusCode::NOT_ACCEPTABLE);
}
