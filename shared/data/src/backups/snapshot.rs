//! The moment that a dump and its manifest are of.

use std::collections::BTreeMap;

use sqlx::postgres::PgConnection;
use sqlx::{Connection, Executor};
use time::OffsetDateTime;

use super::digest::{TableDigest, digest};
use super::hold::hold_tables;
use super::locale::{Locale, locale};
use crate::{DataError, DatabaseConfig, Secrets, connect};

/// The transaction lies idle while the dump is written, for as long as that takes.
const SETTINGS: &str = "
    SET statement_timeout = 0;
    SET idle_in_transaction_session_timeout = 0;
    SET tcp_keepalives_idle = 20;
    SET tcp_keepalives_interval = 10;
    SET tcp_keepalives_count = 3;
    SET client_connection_check_interval = '10s';
";

/// An open transaction that sees one moment, and by whose id others see the same.
#[derive(Debug)]
pub struct Snapshot {
    connection: PgConnection,
    /// What `pg_dump --snapshot` takes.
    pub id: String,
    /// When it was taken, by the server's clock.
    pub taken_at: OffsetDateTime,
    /// The server's version.
    pub server_version: String,
    /// How the database writes text.
    pub locale: Locale,
    /// The newest migration.
    pub migration: i64,
    /// The extensions and their versions.
    pub extensions: BTreeMap<String, String>,
    /// Where the WAL stood: whatever the snapshot shows was written before. None on a server that does not tell.
    pub wal_position: Option<String>,
}

impl Snapshot {
    /// Takes it, over a connection straight to the primary, with every table held, so that none is rewritten before it is dumped.
    ///
    /// # Errors
    /// [`DataError`] when the server cannot be reached, a table is altered for too long, or the role may not read the record of migrations.
    pub async fn take(config: &DatabaseConfig, secrets: &Secrets) -> Result<Self, DataError> {
        let mut connection = connect::direct(config, secrets).await?;
        connection.execute(sqlx::raw_sql(SETTINGS)).await?;
        hold_tables(&mut connection).await?;
        let exported = sqlx::query!(
            r#"SELECT pg_export_snapshot() AS "id!", now() AS "taken_at!", current_setting('server_version') AS "version!""#
        )
        .fetch_one(&mut connection)
        .await?;
        // Of sqlx's own table, which is not there where queries are checked without one.
        let migration =
            sqlx::query_scalar("SELECT COALESCE(max(version), 0) FROM public._sqlx_migrations WHERE success")
                .fetch_one(&mut connection)
                .await?;
        let extensions = sqlx::query!("SELECT extname AS name, extversion AS version FROM pg_extension")
            .fetch_all(&mut connection)
            .await?;
        Ok(Self {
            wal_position: wal_position(&mut connection).await?,
            locale: locale(&mut connection).await?,
            connection,
            id: exported.id,
            taken_at: exported.taken_at,
            server_version: exported.version,
            migration,
            extensions: extensions
                .into_iter()
                .map(|extension| (extension.name, extension.version))
                .collect(),
        })
    }

    /// The tables that this role does not see whole: `pg_dump` would write them empty, or in part, and say nothing.
    ///
    /// # Errors
    /// [`DataError`] of the query.
    pub async fn unreadable(&mut self) -> Result<Vec<String>, DataError> {
        let names = sqlx::query_file_scalar!("src/backups/unreadable.sql");
        Ok(names.fetch_all(&mut self.connection).await?)
    }

    /// What every table holds in this moment.
    ///
    /// # Errors
    /// [`DataError`] of a query.
    pub async fn digest(&mut self) -> Result<Vec<TableDigest>, DataError> {
        digest(&mut self.connection).await
    }

    /// Ends the transaction and the connection.
    pub async fn end(self) {
        if let Err(error) = self.connection.close().await {
            tracing::debug!(%error, "the snapshot's connection was already gone");
        }
    }
}

/// Aurora may refuse to tell; behind the savepoint that costs no more than the answer.
async fn wal_position(connection: &mut PgConnection) -> Result<Option<String>, DataError> {
    connection.execute("SAVEPOINT wal_position").await?;
    let position = sqlx::query_scalar!(r#"SELECT pg_current_wal_lsn()::text AS "position!""#)
        .fetch_one(&mut *connection)
        .await;
    match position {
        Ok(position) => Ok(Some(position)),
        Err(error @ sqlx::Error::Database(_)) => {
            tracing::warn!(%error, "the server does not tell where its WAL stands");
            connection.execute("ROLLBACK TO SAVEPOINT wal_position").await?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
