//! The private PostgreSQL primary: its cluster, its settings, and what a managed server would bring with it.

use super::account::Account;
use super::certificates::Certificates;
use super::layout::{Layout, Profile};
use super::secrets::{MASTER, Passwords, ServerSecrets};
use super::supervisor::Spec;
use super::{install, state};
use crate::shell;
use anyhow::{Context, Result};
use rustix::process::Signal;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{Connection, Executor, Row};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The cluster's superuser; the portal itself never uses it.
pub(crate) const SUPERUSER: &str = "postgres";
/// The replica's account.
pub(crate) const REPLICATION: &str = "portal_replication";
/// The portal's database.
pub(crate) const DATABASE: &str = "portal";
/// Extensions that only a superuser may create: a managed server allows them to its master user, so they are there already.
const SUPERUSER_EXTENSIONS: &[&str] = &["postgis", "pg_stat_statements"];

/// The primary's data folder.
pub(crate) fn folder(layout: &Layout) -> PathBuf {
    layout.databases.join("primary")
}

/// Makes the cluster unless it is there.
pub(crate) async fn initialize(layout: &Layout, secrets: &ServerSecrets) -> Result<()> {
    let folder = folder(layout);
    if folder.join("PG_VERSION").exists() {
        return Ok(());
    }
    // Renamed when whole: one cut short is never taken for a cluster.
    let partial = layout.databases.join("primary.partial");
    if partial.exists() {
        std::fs::remove_dir_all(&partial)?;
    }
    let password = layout.databases.join("initdb-password");
    write_private(&password, &secrets.superuser)?;
    let mut initdb = Account::detect().command(program("initdb"));
    initdb
        .arg("--pgdata")
        .arg(&partial)
        .args(["--username", SUPERUSER, "--auth", "scram-sha-256"]);
    initdb
        .args(["--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums"])
        .arg("--pwfile")
        .arg(&password);
    let made = shell::capture(&mut initdb).await;
    std::fs::remove_file(&password)?;
    made.context("cannot make the database cluster")?;
    std::fs::rename(partial, folder)?;
    Ok(())
}

/// Writes the settings of a server (primary or replica) and returns its process.
pub(crate) fn spec(
    layout: &Layout,
    certificates: &Certificates,
    name: &str,
    port: u16,
    more: &str,
) -> Result<Spec> {
    let folder = layout.databases.join(name);
    let settings = folder.join("portal.conf");
    write_private(
        &settings,
        &format!(
            "{}{more}",
            configuration(layout.profile, certificates, &folder, port)
        ),
    )?;
    write_private(&folder.join("portal_hba.conf"), HBA)?;
    Ok(Spec {
        name: name.to_owned(),
        program: program("postgres"),
        arguments: vec![
            "-D".to_owned(),
            folder.to_string_lossy().into_owned(),
            "-c".to_owned(),
            format!("config_file={}", settings.display()),
        ],
        environment: None,
        account: Account::detect(),
        stop: match layout.profile {
            // As a crash: nothing is written or archived any more.
            Profile::Drill => Signal::QUIT,
            // A fast shutdown: open transactions are rolled back, nothing is lost.
            _ => Signal::INT,
        },
        log: state::log_file(&layout.logs(), name),
        follow_program: false,
        exits: None,
    })
}

/// TLS and SCRAM, or nothing.
const HBA: &str = "hostssl all all 127.0.0.1/32 scram-sha-256\nhostssl replication portal_replication 127.0.0.1/32 scram-sha-256\n";

/// The design's settings as `database.md` corrects them, and sizes that fit a developer's machine.
fn configuration(profile: Profile, certificates: &Certificates, folder: &Path, port: u16) -> String {
    // The tests kill servers, not the machine: what the kernel holds is safe from that. They make a database each, and WAL
    // that nobody reads again must not fill a small disk.
    let (sync, wal_size, kept_size) = match profile {
        Profile::Dev | Profile::Drill | Profile::Bench | Profile::BenchTenTimes => ("on", "4GB", "4GB"),
        Profile::Test | Profile::Crash | Profile::Bless | Profile::Package => ("off", "512MB", "2GB"),
    };
    format!(
        "data_directory = '{folder}'
hba_file = '{folder}/portal_hba.conf'
ident_file = '{folder}/pg_ident.conf'
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
password_encryption = 'scram-sha-256'
ssl = on
ssl_cert_file = '{certificate}'
ssl_key_file = '{key}'
ssl_min_protocol_version = 'TLSv1.2'
shared_buffers = 512MB
effective_cache_size = 4GB
work_mem = 16MB
maintenance_work_mem = 256MB
random_page_cost = 1.1
max_wal_size = {wal_size}
checkpoint_completion_target = 0.9
fsync = {sync}
full_page_writes = {sync}
wal_level = replica
max_wal_senders = 10
max_replication_slots = 10
wal_keep_size = 64MB
max_slot_wal_keep_size = {kept_size}
hot_standby = on
archive_mode = off
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = top
track_io_timing = on
log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h '
log_statement = 'none'
log_min_duration_statement = 1000
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_lock_waits = on
log_checkpoints = off
timezone = 'UTC'
log_timezone = 'UTC'
",
        folder = folder.display(),
        certificate = certificates.certificate.display(),
        key = certificates.key.display(),
    )
}

/// How to reach a server as its superuser.
pub(crate) fn superuser(certificates: &Certificates, secrets: &ServerSecrets, port: u16) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(port)
        .username(SUPERUSER)
        .password(&secrets.superuser)
        .database("postgres")
        .ssl_mode(PgSslMode::VerifyFull)
        .ssl_root_cert(&certificates.authority)
        .application_name("xtask")
}

/// Whether a server answers.
pub(crate) async fn answers(options: &PgConnectOptions) -> bool {
    let attempt = async {
        let mut connection = PgConnection::connect_with(options).await?;
        connection.execute("SELECT 1").await?;
        connection.close().await
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), attempt)
        .await
        .is_ok_and(|result| result.is_ok())
}

/// Makes what a managed server has before the first migration: the replica's account, the master user with the password of
/// its secret, the database, and the extensions that need a superuser, also in databases that tests create.
pub(crate) async fn bootstrap(
    options: &PgConnectOptions,
    secrets: &ServerSecrets,
    passwords: &Passwords,
) -> Result<()> {
    let mut server = PgConnection::connect_with(options)
        .await
        .context("cannot log in to the primary")?;
    let master = passwords.get(MASTER).context("the master user has no secret")?;
    ensure_role(
        &mut server,
        REPLICATION,
        "LOGIN REPLICATION",
        &secrets.replication,
    )
    .await?;
    ensure_role(&mut server, MASTER, "LOGIN CREATEROLE CREATEDB", master).await?;
    let databases = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1").bind(DATABASE);
    let exists = databases.fetch_optional(&mut server).await?.is_some();
    server.close().await?;

    let mut template = PgConnection::connect_with(&options.clone().database("template1")).await?;
    for extension in SUPERUSER_EXTENSIONS {
        template
            .execute(format!("CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA public").as_str())
            .await?;
    }
    template.close().await?;
    if !exists {
        let mut server = PgConnection::connect_with(options).await?;
        server
            .execute(format!("CREATE DATABASE {DATABASE} OWNER {MASTER} TEMPLATE template1").as_str())
            .await?;
        server.close().await?;
    }
    Ok(())
}

async fn ensure_role(server: &mut PgConnection, name: &str, attributes: &str, password: &str) -> Result<()> {
    let found = sqlx::query("SELECT rolname FROM pg_roles WHERE rolname = $1")
        .bind(name)
        .fetch_optional(&mut *server);
    let verb = match found.await? {
        Some(row) if row.try_get::<String, _>(0)? == name => "ALTER",
        _ => "CREATE",
    };
    // Passwords are letters, digits, - and _ (see `secrets`), so they need no quoting here.
    let statement = format!("{verb} ROLE {name} {attributes} PASSWORD '{password}'");
    server
        .execute(statement.as_str())
        .await
        .with_context(|| format!("cannot make the role {name}"))?;
    Ok(())
}

/// A program of PostgreSQL 15.
pub(crate) fn program(name: &str) -> PathBuf {
    Path::new(install::POSTGRES_PROGRAMS).join(name)
}

/// Writes a file that only the servers' account can read.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, "")?;
    std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Account::detect().own(path)?;
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
