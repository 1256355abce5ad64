//! Brings a database to the schema of this release: roles and extensions, migrations, and the login roles' passwords from their
//! secrets. Run at deployment; running it again changes nothing but the passwords' salt.

mod lock;
mod passwords;

use portal_data::{DataError, DatabaseConfig, SecretError, Secrets, connect};
use serde::Serialize;
use sqlx::Executor;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgConnection;

/// The migrations, part of the binary.
static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Roles, database rights and extensions: what an ordinary migration may not do.
const BOOTSTRAP: &str = include_str!("../../../migrations/bootstrap/roles.sql");

/// Why the database could not be brought up to date. What was applied before stays applied; run it again.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database or the master login's secret could not be reached.
    #[error(transparent)]
    Connect(#[from] DataError),
    /// A role's secret could not be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Another migrator is at work and did not finish in time.
    #[error("another migrator is at work on this database: wait for it, then try again")]
    Busy,
    /// A migration failed, or one that was applied has since been edited.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// A statement around the migrations failed.
    #[error(transparent)]
    Statement(#[from] sqlx::Error),
    /// A role's secret names another role.
    #[error("secret {secret} belongs to {found}, not to {expected}")]
    WrongRole {
        /// The secret's name.
        secret: String,
        /// Whose it is.
        found: String,
        /// Whose it should be.
        expected: &'static str,
    },
}

/// What a run did.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Migrations that this run applied, as `version_description`.
    pub applied: Vec<String>,
    /// The newest migration that the database now has.
    pub version: i64,
    /// Roles whose password was set.
    pub passwords: usize,
}

/// Does all of it, over a connection of its own, as the master user.
///
/// # Errors
/// [`MigrationError`].
pub async fn run(
    config: &DatabaseConfig,
    secrets: &Secrets,
    role_secrets_prefix: &str,
) -> Result<Report, MigrationError> {
    let mut connection = connect::direct(config, secrets).await?;
    lock::acquire(&mut connection).await?;
    connection.execute(sqlx::raw_sql(BOOTSTRAP)).await?;
    let applied = apply(&mut connection).await?;
    let passwords = passwords::set(&mut connection, secrets, role_secrets_prefix).await?;
    // The lock goes with the connection.
    Ok(Report {
        applied,
        version: newest(),
        passwords,
    })
}

/// Roles and migrations only, over a connection of the master user: for a database whose roles have their passwords already,
/// such as a test's.
///
/// # Errors
/// [`MigrationError`].
pub async fn prepare(connection: &mut PgConnection) -> Result<Vec<String>, MigrationError> {
    connection.execute(sqlx::raw_sql(BOOTSTRAP)).await?;
    apply(connection).await
}

/// Applies what is missing, as the owner of the tables.
async fn apply(connection: &mut PgConnection) -> Result<Vec<String>, MigrationError> {
    let before = applied(connection).await?;
    connection.execute(sqlx::raw_sql("SET ROLE portal_owner")).await?;
    // sqlx's own lock waits inside a statement, which deadlocks with CREATE INDEX CONCURRENTLY; ours is held already.
    let mut migrations = Migrator {
        migrations: MIGRATIONS.migrations.clone(),
        ..Migrator::DEFAULT
    };
    migrations.set_locking(false);
    let outcome = migrations.run_direct(connection).await;
    connection
        .execute(sqlx::raw_sql(
            "GRANT SELECT ON _sqlx_migrations TO portal_backup; RESET ROLE",
        ))
        .await?;
    outcome?;
    Ok(MIGRATIONS
        .iter()
        .filter(|migration| !before.contains(&migration.version))
        .map(|migration| format!("{}_{}", migration.version, migration.description))
        .collect())
}

async fn applied(connection: &mut PgConnection) -> Result<Vec<i64>, sqlx::Error> {
    // The table is not there before the first migration, so the query cannot be checked at compile time.
    let known: bool = sqlx::query_scalar("SELECT to_regclass('public._sqlx_migrations') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !known {
        return Ok(Vec::new());
    }
    sqlx::query_scalar("SELECT version FROM public._sqlx_migrations WHERE success")
        .fetch_all(connection)
        .await
}

fn newest() -> i64 {
    MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default()
}
