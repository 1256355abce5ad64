//! The streaming replica: a copy of the primary that follows it through a physical replication slot.

use super::account::Account;
use super::certificates::Certificates;
use super::layout::Layout;
use super::ports::Ports;
use super::postgres::{self, REPLICATION};
use super::secrets::ServerSecrets;
use super::supervisor::Spec;
use crate::shell;
use anyhow::{Context, Result};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection, Executor};

const SLOT: &str = "portal_replica";

/// Copies the primary unless there is a copy already.
pub(crate) async fn initialize(
    layout: &Layout,
    ports: &Ports,
    certificates: &Certificates,
    secrets: &ServerSecrets,
    primary: &PgConnectOptions,
) -> Result<()> {
    let folder = layout.databases.join("replica");
    let mut server = PgConnection::connect_with(primary).await?;
    // A slot may be gone (--reset of one side) or lost (the replica stayed away past max_slot_wal_keep_size).
    let lost = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND wal_status = 'lost'";
    let dropped = sqlx::query(lost)
        .bind(SLOT)
        .execute(&mut server)
        .await?
        .rows_affected();
    if dropped > 0 && folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let make = "SELECT pg_create_physical_replication_slot($1, true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1)";
    sqlx::query(make).bind(SLOT).execute(&mut server).await?;
    if folder.join("PG_VERSION").exists() {
        return Ok(());
    }
    server.execute("CHECKPOINT").await?;
    server.close().await?;
    let partial = layout.databases.join("replica.partial");
    if partial.exists() {
        std::fs::remove_dir_all(&partial)?;
    }
    let mut copy = Account::detect().command(postgres::program("pg_basebackup"));
    copy.arg("--pgdata").arg(&partial).args([
        "--wal-method",
        "stream",
        "--checkpoint",
        "fast",
        "--slot",
        SLOT,
    ]);
    copy.arg("--dbname").arg(connection(ports, certificates, ""));
    copy.env("PGPASSWORD", &secrets.replication);
    shell::capture(&mut copy)
        .await
        .context("cannot copy the primary for the replica")?;
    std::fs::rename(partial, folder)?;
    Ok(())
}

/// Writes the replica's settings and returns its process.
pub(crate) fn spec(
    layout: &Layout,
    ports: &Ports,
    certificates: &Certificates,
    secrets: &ServerSecrets,
) -> Result<Spec> {
    postgres::write_private(&layout.databases.join("replica/standby.signal"), "")?;
    let connection = connection(ports, certificates, &secrets.replication);
    let more = format!(
        "primary_conninfo = '{}'\nprimary_slot_name = '{SLOT}'\nmax_standby_streaming_delay = 30s\n",
        connection.replace('\'', "''")
    );
    postgres::spec(layout, certificates, "replica", ports.replica, &more)
}

fn connection(ports: &Ports, certificates: &Certificates, password: &str) -> String {
    let mut text = format!(
        "host=127.0.0.1 port={} user={REPLICATION} application_name=replica sslmode=verify-full sslrootcert='{}'",
        ports.primary,
        certificates.servers_authority.display()
    );
    if !password.is_empty() {
        text.push_str(&format!(" password={password}"));
    }
    text
}
