//! `cargo xtask audit verify` against the whole stack: what a person sees of it.

use std::process::{Command, Output};

use portal_tests::stack::Stack;
use serde_json::{Value, json};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};

fn verify() -> Output {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/debug/xtask");
    let mut command = Command::new(program);
    command
        .args(["audit", "verify"])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    command
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}. Build it with `cargo build --bin xtask`"))
}

async fn seal() -> Value {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/maintenance/invocations", Stack::get().invocations_url);
    let answer = client
        .post(url)
        .json(&json!({ "detail": { "step": "audit-seal" } }))
        .send()
        .await
        .unwrap();
    answer.json().await.unwrap()
}

#[tokio::test]
async fn the_command_says_what_was_tampered_with_and_fails() {
    let stack = Stack::get();
    let options: PgConnectOptions = stack.role("owner").primary.parse().unwrap();
    let mut owner: PgConnection = options.ssl_root_cert(&stack.ca_file).connect().await.unwrap();
    let execute = async |owner: &mut PgConnection, statement: &str| {
        sqlx::raw_sql(statement).execute(owner).await.unwrap();
    };
    execute(
        &mut owner,
        "INSERT INTO audit_log (id, table_name, row_key, operation, database_role, application, created_at)
        SELECT nextval('audit_log_id'), 'users', 'x', 'DELETE', 'r', 'a', now() - interval '3 days'
        WHERE NOT EXISTS (SELECT FROM audit_seals)",
    )
    .await;
    let sealed = seal().await;
    assert!(sealed["details"]["sealed"].is_array(), "{sealed}");
    let clean = verify();
    assert!(
        clean.status.success(),
        "{}",
        String::from_utf8_lossy(&clean.stderr)
    );
    let said = String::from_utf8(clean.stdout).unwrap();
    assert!(said.contains("rows compared; sealed until 20"), "{said}");

    execute(
        &mut owner,
        "INSERT INTO audit_log (id, table_name, row_key, operation, database_role, application, created_at)
        SELECT -1, 'users', 'forged', 'DELETE', 'r', 'a', (SELECT max(day) FROM audit_seals)::timestamptz",
    )
    .await;
    let found = verify();
    let day: String = sqlx::query_scalar("SELECT max(day)::text FROM audit_seals")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    execute(
        &mut owner,
        "SET session_replication_role = replica; DELETE FROM audit_log WHERE id = -1; SET session_replication_role = origin",
    )
    .await;
    assert_eq!(found.status.code(), Some(1));
    let said = String::from_utf8(found.stdout).unwrap();
    assert!(said.contains(&format!("{day}  ROWS\n  expected  ")), "{said}");
    assert!(said.contains("\n  found     "), "{said}");
    assert!(verify().status.success(), "it is as before");
}
