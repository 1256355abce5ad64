//! No request may send what makes RDS Proxy pin a connection: read from the servers' own statistics.
#![allow(missing_docs)]

use std::str::FromStr;

use portal_tests::stack::Stack;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// Statements that pin, as regular expressions over what a client sent; what a stored function does inside pins nothing and is
/// not recorded at this level.
const PINNING: &str = r"^\s*(SET|RESET|PREPARE|DEALLOCATE|DISCARD|DECLARE|FETCH|LISTEN|UNLISTEN|NOTIFY|LOCK)\M|\mset_config\M|\mpg_(try_)?advisory_(un)?lock|\mnextval\M|\msetval\M|CREATE\s+TEMP";

/// The roles that work through the proxy.
const POOLED_ROLES: [&str; 3] = ["portal_auth", "portal_api", "portal_admin"];

/// One request for each kind of statement that the API sends.
const REQUESTS: [&str; 9] = [
    "/v1/contractors?limit=2",
    "/v1/contractors?near=37.7749,-122.4194&radiusMiles=20&limit=2",
    "/v1/contractors?q=construction&city=Oakland&class=C-10&count=estimated",
    "/v1/contractors?county=Alameda&status=CLEAR&count=exact",
    "/v1/contractors/0",
    "/v1/projects?limit=2&q=roof",
    "/v1/projects?sort=deadline&category=COMMERCIAL",
    "/v1/projects/near?near=37.7749,-122.4194&radiusMiles=50",
    "/v1/projects/0198a7c0-0000-7000-8000-000000000001",
];

#[tokio::test]
async fn no_request_pins_a_pooled_connection() {
    let stack = Stack::get();
    for path in REQUESTS {
        let answer = reqwest::get(format!("{}{path}", stack.api_url)).await.unwrap();
        assert!(answer.status().as_u16() < 500, "{path}: {}", answer.status());
    }

    let owner = stack.role("owner");
    let mut recorded = 0;
    for url in [&owner.primary, &owner.replica] {
        let options = PgConnectOptions::from_str(url).unwrap();
        let options = options
            .ssl_mode(PgSslMode::VerifyFull)
            .ssl_root_cert(&stack.ca_file);
        let mut connection = options.connect().await.unwrap();
        // Without spaces it is PgBouncer's own, when it lends a connection of one function to another.
        let statements: Vec<(String, bool)> = sqlx::query_as(
            "SELECT s.query, s.query ~* $1 OR length(s.query) > 16384
            FROM pg_stat_statements AS s JOIN pg_roles AS r ON r.oid = s.userid
            WHERE r.rolname = ANY ($2) AND s.query NOT LIKE 'SET application_name=%'",
        )
        .bind(PINNING)
        .bind(POOLED_ROLES.as_slice())
        .fetch_all(&mut connection)
        .await
        .unwrap();
        recorded += statements.len();
        let pinning: Vec<_> = statements
            .into_iter()
            .filter(|(_, pins)| *pins)
            .map(|(query, _)| query)
            .collect();
        assert_eq!(pinning, Vec::<String>::new());
    }
    assert!(
        recorded >= REQUESTS.len(),
        "only {recorded} statements were recorded: the test saw nothing"
    );
}
