//! A private server with a migrated database, gone when the work is done: for the compile-time checks of queries, and for drills.

use super::certificates::{self, Certificates};
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
        let server = Server::start(&layout, &mut supervisor, "").await?;
        work(&layout, server.url()).await
    }
    .await;
    supervisor.stop_all().await;
    result
}

/// A server of its own with a migrated database.
pub(crate) struct Server {
    pub(crate) ports: Ports,
    pub(crate) certificates: Certificates,
    pub(crate) secrets: ServerSecrets,
}

impl Server {
    /// Starts it from nothing, with more settings than every server has.
    pub(crate) async fn start(layout: &Layout, supervisor: &mut Supervisor, more: &str) -> Result<Self> {
        let server = Self {
            ports: Ports::choose(layout.profile, &layout.state.join("ports.json"), None)?,
            certificates: certificates::ensure(layout)?,
            secrets: ServerSecrets::ensure(layout)?,
        };
        postgres::initialize(layout, &server.secrets).await?;
        supervisor.start(postgres::spec(
            layout,
            &server.certificates,
            "primary",
            server.ports.primary,
            more,
        )?)?;
        let options = server.superuser(server.ports.primary);
        supervisor
            .wait_for("primary", Duration::from_secs(60), || postgres::answers(&options))
            .await?;
        // Nobody logs in as the master user here: a password that nobody knows will do.
        let passwords = Passwords::from([(MASTER.to_owned(), server.secrets.replication.clone())]);
        postgres::bootstrap(&options, &server.secrets, &passwords).await?;
        migrate(layout, &options.database(DATABASE)).await?;
        Ok(server)
    }

    /// How its superuser reaches it, or another server made of its files.
    pub(crate) fn superuser(&self, port: u16) -> PgConnectOptions {
        postgres::superuser(&self.certificates, &self.secrets, port)
    }

    fn url(&self) -> String {
        let authority = self.certificates.authority.to_string_lossy().replace('/', "%2F");
        format!(
            "postgres://{SUPERUSER}:{}@127.0.0.1:{}/{DATABASE}?sslmode=verify-full&sslrootcert={authority}",
            self.secrets.superuser, self.ports.primary
        )
    }
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
