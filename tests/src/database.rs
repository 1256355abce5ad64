//! A database for each test, copied from a template that holds the migrated schema.

use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{ConnectOptions, Connection, Executor};
use tokio::sync::OnceCell;

use crate::stack::Stack;

/// One test's own database. It stays until the next run drops it, so that a failure can be looked at.
pub struct TestDatabase {
    name: String,
}

impl TestDatabase {
    /// Copies the template.
    pub async fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let template = template().await;
        let name = format!(
            "test_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        Self::copy(template, name).await
    }

    /// The same under a name that the poolers know: they keep two back ends for it. One test binary may use it.
    pub async fn create_narrow() -> Self {
        let template = template().await;
        let mut superuser = superuser("postgres").await;
        superuser
            .execute(sqlx::raw_sql(
                "DROP DATABASE IF EXISTS portal_narrow WITH (FORCE)",
            ))
            .await
            .unwrap();
        Self::copy(template, "portal_narrow".to_owned()).await
    }

    /// Copies files: through the WAL, the usual way, each copy would pass three times over the disk.
    async fn copy(template: &str, name: String) -> Self {
        let mut superuser = superuser("postgres").await;
        superuser
            .execute(sqlx::raw_sql(&format!(
                "CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"
            )))
            .await
            .unwrap();
        Self { name }
    }

    /// The data crate's own way in, as a function has it: through the poolers, with the role's secret. Reads go to the replica
    /// where `replica` is set; it may not have a new database at once.
    pub async fn open(&self, role: &str, replica: bool) -> portal_data::Database {
        portal_data::Database::new(self.config(role, replica), &Stack::get().secrets().await)
    }

    /// The configuration that [`TestDatabase::open`] uses.
    pub fn config(&self, role: &str, replica: bool) -> portal_data::DatabaseConfig {
        let urls = Stack::get().role(role);
        let endpoint = |url: &str| {
            let options = PgConnectOptions::from_str(url).unwrap();
            portal_data::Endpoint {
                host: options.get_host().to_owned(),
                port: options.get_port(),
            }
        };
        portal_data::DatabaseConfig {
            writer: endpoint(&urls.primary_pooled),
            readers: if replica {
                vec![endpoint(&urls.replica_pooled)]
            } else {
                Vec::new()
            },
            direct: Some(endpoint(&urls.primary)),
            database: self.name.clone(),
            secret_id: format!("portal/database/{role}"),
            ca_file: Some(Stack::get().ca_file.clone()),
            application: "tests".to_owned(),
            connections: 2,
            acquire_timeout: std::time::Duration::from_secs(10),
            max_replica_lag: std::time::Duration::from_secs(1),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Connects as a role, or as `owner`, the superuser, whom no policy binds.
    pub async fn connect(&self, role: &str) -> PgConnection {
        options(role, &self.name)
            .connect()
            .await
            .unwrap_or_else(|error| panic!("{role}: {error}"))
    }
}

/// Migrates a template once for each test binary; every binary drops what an earlier one left behind.
async fn template() -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let mut connection = superuser("postgres").await;
            drop_leftovers(&mut connection).await;
            let name = format!("template_{}", std::process::id());
            connection
                .execute(sqlx::raw_sql(&format!("CREATE DATABASE {name}")))
                .await
                .unwrap();
            let mut inside = superuser(&name).await;
            migrate::prepare(&mut inside).await.unwrap();
            inside.close().await.unwrap();
            name
        })
        .await
}

/// Drops the databases of processes that are no more, and what drills have made beside them.
async fn drop_leftovers(connection: &mut PgConnection) {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT datname FROM pg_database WHERE datname ~ '^(test|template)_[0-9]+(_[0-9]+)?$'
            OR datname ~ '^drill_test_[0-9]+_[0-9]+_[0-9a-f]{12}$'",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    for name in names {
        let owner = name.trim_start_matches("drill_").split('_').nth(1).unwrap();
        if !std::path::Path::new(&format!("/proc/{owner}")).exists() {
            connection
                .execute(sqlx::raw_sql(&format!(
                    "DROP DATABASE IF EXISTS {name} WITH (FORCE)"
                )))
                .await
                .unwrap();
        }
    }
}

async fn superuser(database: &str) -> PgConnection {
    options("owner", database).connect().await.unwrap()
}

fn options(role: &str, database: &str) -> PgConnectOptions {
    let stack = Stack::get();
    PgConnectOptions::from_str(&stack.role(role).primary)
        .unwrap()
        .database(database)
        .ssl_mode(PgSslMode::VerifyFull)
        .ssl_root_cert(&stack.ca_file)
}
