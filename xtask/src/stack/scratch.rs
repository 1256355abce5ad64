//! A migrated database for the compile-time checks of queries: one private server, gone when the work is done.

use super::certificates;
use super::layout::{Layout, Profile};
use super::lock::Lock;
use super::ports::Ports;
use super::postgres::{self, DATABASE, SUPERUSER};
use super::secrets::{MASTER, Passwords, ServerSecrets};
use super::state::{Registry, end_leftovers};
use super::supervisor::Supervisor;
use anyhow::{Context, Result, bail};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection, Executor};
use std::sync::Arc;
use std::time::Duration;

/// Starts the server from nothing, migrates, runs `work` with the database's URL and the stack's folder, and stops it again.
///
/// The schema is made from `migrations/` directly: the function `migrate` cannot be built before its queries check.
pub(crate) async fn with_database<T>(work: impl AsyncFnOnce(&Layout, String) -> Result<T>) -> Result<T> {
    let layout = Layout::find(Profile::Bless).await?;
    layout.create()?;
    let Some(_lock) = Lock::take(&layout)? else {
        bail!("another `cargo xtask bless` or `test` is at work on the query metadata; wait for it");
    };
    end_leftovers(&layout)?;
    layout.empty()?;
    let mut supervisor = Supervisor::new(Arc::new(Registry::new(&layout)));
    let result = async {
        let url = start(&layout, &mut supervisor).await?;
        work(&layout, url).await
    }
    .await;
    supervisor.stop_all().await;
    result
}

async fn start(layout: &Layout, supervisor: &mut Supervisor) -> Result<String> {
    let ports = Ports::choose(layout.profile, &layout.state.join("ports.json"), None)?;
    let certificates = certificates::ensure(layout)?;
    let secrets = ServerSecrets::ensure(layout)?;
    postgres::initialize(layout, &secrets).await?;
    supervisor.start(postgres::spec(
        layout,
        &certificates,
        "primary",
        ports.primary,
        "",
    )?)?;
    let options = postgres::superuser(&certificates, &secrets, ports.primary);
    supervisor
        .wait_for("primary", Duration::from_secs(60), || postgres::answers(&options))
        .await?;
    // Nobody logs in as the master user here: a password that nobody knows will do.
    let passwords = Passwords::from([(MASTER.to_owned(), secrets.replication.clone())]);
    postgres::bootstrap(&options, &secrets, &passwords).await?;
    migrate(layout, &options.database(DATABASE)).await?;
    let authority = certificates.authority.to_string_lossy().replace('/', "%2F");
    Ok(format!(
        "postgres://{SUPERUSER}:{}@127.0.0.1:{}/{DATABASE}?sslmode=verify-full&sslrootcert={authority}",
        secrets.superuser, ports.primary
    ))
}

async fn migrate(layout: &Layout, options: &PgConnectOptions) -> Result<()> {
    let folder = layout.root.join("migrations");
    let roles =
        std::fs::read_to_string(folder.join("bootstrap/roles.sql")).context("cannot read the bootstrap")?;
    let mut connection = PgConnection::connect_with(options).await?;
    connection
        .execute(sqlx::raw_sql(&roles))
        .await
        .context("migrations/bootstrap/roles.sql failed")?;
    connection.execute("SET ROLE portal_owner").await?;
    let mut migrator = Migrator::new(folder)
        .await
        .context("cannot read the migrations")?;
    migrator.set_locking(false);
    migrator
        .run_direct(&mut connection)
        .await
        .context("a migration failed")?;
    connection.close().await?;
    Ok(())
}
