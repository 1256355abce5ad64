//! The stack's database as scheduled functions have it, and as others do.

use portal_data::{Database, DatabaseConfig, Endpoint, RequestContext};
use portal_domain::Caller;
use sqlx::postgres::PgConnectOptions;
use uuid::Uuid;

use crate::stack::Stack;

/// The stack's database as jobs have it.
pub async fn jobs() -> Database {
    as_role("portal_jobs").await
}

/// The stack's database as the functions of a role have it.
pub async fn as_role(role: &str) -> Database {
    let urls = Stack::get().role(role);
    let options: PgConnectOptions = urls.primary_pooled.parse().unwrap();
    let config = DatabaseConfig {
        writer: Endpoint {
            host: options.get_host().to_owned(),
            port: options.get_port(),
        },
        readers: Vec::new(),
        direct: None,
        database: options.get_database().unwrap().to_owned(),
        secret_id: format!("portal/database/{role}"),
        ca_file: Some(Stack::get().ca_file.clone()),
        application: "tests".to_owned(),
        connections: 2,
        acquire_timeout: std::time::Duration::from_secs(10),
        max_replica_lag: std::time::Duration::from_secs(1),
    };
    Database::new(config, &Stack::get().secrets().await)
}

/// A request of nobody in particular.
pub fn nobody() -> RequestContext {
    RequestContext::new(Uuid::now_v7(), Caller::Anonymous)
}
