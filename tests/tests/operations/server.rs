//! The database server's figures.

use portal_data::{Tx, server};
use portal_tests::members::Member;
use portal_tests::people::Person;
use reqwest::StatusCode;
use serde_json::Value;
use time::OffsetDateTime;

use crate::support::House;

/// The functions that see figures, each with a query of them.
const FUNCTIONS: [&str; 6] = [
    "server_figures",
    "connection_figures",
    "longest_transaction",
    "replica_figures",
    "table_figures",
    "statement_figures",
];

#[tokio::test]
async fn the_figures_are_those_of_the_server() {
    let mut house = House::create().await;
    let mut other = house.database.connect("owner").await;
    sqlx::raw_sql("BEGIN; SELECT txid_current()")
        .execute(&mut other)
        .await
        .unwrap();
    let now = OffsetDateTime::now_utc();
    let report = house
        .read(async |tx: &mut Tx| server::report(tx, now).await)
        .await;
    let settings: (String, i32) = sqlx::query_as(
        "SELECT current_setting('server_version'), current_setting('max_connections')::integer",
    )
    .fetch_one(&mut house.owner)
    .await
    .unwrap();
    assert_eq!(report["version"], settings.0);
    assert_eq!(report["maxConnections"], settings.1);
    let connections = report["connections"].as_array().unwrap();
    let sum: i64 = connections.iter().map(|one| one["count"].as_i64().unwrap()).sum();
    assert_eq!(report["connectionCount"], sum);
    assert!(connections.iter().any(|one| one["role"] == "portal_admin"));
    assert!(report["sizes"]["databaseBytes"].as_i64().unwrap() > 1_000_000);
    let tables = report["sizes"]["tables"].as_array().unwrap();
    let sizes: Vec<_> = tables
        .iter()
        .map(|table| table["tableBytes"].as_i64().unwrap() + table["indexBytes"].as_i64().unwrap())
        .collect();
    assert!(
        sizes.is_sorted_by(|a, b| a >= b) && sizes.len() <= 20,
        "{sizes:?}"
    );
    assert_eq!(report["longestTransaction"]["state"], "idle in transaction");
    assert!(report["longestTransaction"]["seconds"].as_f64().unwrap() >= 0.0);
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
}

#[tokio::test]
async fn without_the_permission_they_say_nothing() {
    let mut house = House::create().await;
    let support = Member::add(&mut house.owner, "support", &["support"]).await;
    let mut tx = house.admin.begin(&support.request()).await.unwrap();
    for function in FUNCTIONS {
        // A server that does not count statements cannot be asked for them.
        let counts = "SELECT EXISTS (SELECT FROM pg_settings WHERE name = 'pg_stat_statements.max')";
        let counts: bool = sqlx::query_scalar(counts).fetch_one(&mut tx).await.unwrap();
        if function == "statement_figures" && !counts {
            continue;
        }
        let sql = format!("SELECT count(*) FROM app.{function}()");
        let rows: i64 = sqlx::query_scalar(&sql).fetch_one(&mut tx).await.unwrap();
        assert_eq!(rows, 0, "{function}");
    }
    tx.rollback().await.unwrap();
    let api = house.database.open("portal_api", false).await;
    for function in FUNCTIONS {
        let mut tx = api.begin(&house.staff.request()).await.unwrap();
        let sql = format!("SELECT count(*) FROM app.{function}()");
        let error = sqlx::query(&sql).execute(&mut tx).await.expect_err(function);
        let code = error.into_database_error().unwrap().code().unwrap().into_owned();
        assert_eq!(code, "42501", "{function}");
        tx.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn the_route_is_for_those_who_run_the_system_and_tells_no_values() {
    let staff = Person::with(&["administrator"]).await;
    let report = staff.json("/v1/admin/database").await;
    assert!(report["connections"].is_array() && report["replicas"].is_array());
    if let Value::Array(statements) = &report["statements"] {
        for statement in statements {
            let query = statement["query"].as_str().unwrap();
            assert!(!query.contains("@example.org"), "{query}");
        }
    }
    let support = Person::with(&["support"]).await;
    support
        .get("/v1/admin/database")
        .await
        .expect(StatusCode::FORBIDDEN);
}
