//! PgBouncer in transaction mode, in the place of RDS Proxy: one before the primary, one before the replica.

use super::account::Account;
use super::certificates::Certificates;
use super::layout::Layout;
use super::secrets::ServerSecrets;
use super::supervisor::Spec;
use super::{install, postgres, state};
use anyhow::{Context, Result};
use rustix::process::Signal;
use std::path::Path;

/// A pooler: its name, its own port and that of the server behind it.
#[derive(Clone, Copy)]
pub(crate) struct Pooler {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    pub(crate) server: u16,
}

/// Writes the pooler's configuration and returns its process.
pub(crate) fn spec(
    layout: &Layout,
    certificates: &Certificates,
    secrets: &ServerSecrets,
    pooler: Pooler,
) -> Result<Spec> {
    let folder = layout.databases.join(pooler.name);
    std::fs::create_dir_all(&folder)?;
    let account = Account::detect();
    account.own(&folder)?;
    let users = folder.join("users.txt");
    write(
        &users,
        &format!("\"{}\" \"{}\"\n", postgres::SUPERUSER, secrets.superuser),
    )?;
    let settings = folder.join("pgbouncer.ini");
    write(&settings, &configuration(certificates, pooler, &users))?;
    Ok(Spec {
        name: pooler.name.to_owned(),
        program: install::PGBOUNCER.into(),
        arguments: vec![settings.to_string_lossy().into_owned()],
        environment: None,
        account,
        stop: Signal::INT,
        log: state::log_file(&layout.logs(), pooler.name),
        follow_program: false,
        exits: None,
    })
}

/// The configuration file.
///
/// `auth_query` looks the caller's SCRAM verifier up in the server itself, so a password that is changed there counts at
/// once, as with RDS Proxy and its secret; a file of passwords would have to be rewritten with each rotation. Pools are per
/// role: eight of at most 10 leave the server's 200 connections far away. A server that could not be reached is tried again
/// after half a second, not the usual fifteen: as with RDS Proxy, requests go through as soon as it is back. A request waits for a
/// connection as long as the template has RDS Proxy wait (`ConnectionBorrowTimeout`). The database `portal_narrow` exists only in
/// tests, which show there that many clients on two back ends never see each other's context.
fn configuration(certificates: &Certificates, pooler: Pooler, users: &Path) -> String {
    format!(
        "[databases]
; Two back ends for many clients: the tests prove there that no transaction sees another caller's context.
portal_narrow = host=127.0.0.1 port={server} dbname=portal_narrow pool_size=2
portal_narrow = host=127.0.0.1 port={server} pool_size=2
* = host=127.0.0.1 port={server}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
pool_mode = transaction
auth_type = scram-sha-256
auth_file = {users}
auth_user = {superuser}
auth_query = SELECT usename, passwd FROM pg_catalog.pg_shadow WHERE usename = $1
admin_users = {superuser}
client_tls_sslmode = require
client_tls_cert_file = {certificate}
client_tls_key_file = {key}
server_tls_sslmode = verify-full
server_tls_ca_file = {authority}
default_pool_size = 10
max_db_connections = 80
max_client_conn = 1000
query_wait_timeout = 3
server_idle_timeout = 30
server_login_retry = 0.5
ignore_startup_parameters = extra_float_digits
log_connections = 0
log_disconnections = 0
",
        server = pooler.server,
        port = pooler.port,
        users = users.display(),
        superuser = postgres::SUPERUSER,
        certificate = certificates.certificate.display(),
        key = certificates.key.display(),
        authority = certificates.servers_authority.display(),
    )
}

fn write(path: &Path, text: &str) -> Result<()> {
    postgres::write_private(path, text).with_context(|| format!("cannot write {}", path.display()))
}
