//! How the database server is, by functions that see figures and nothing else. For those with `system.read`; the figures are those of
//! the node that is asked.

use portal_domain::listing::Moment;
use portal_domain::operations::{
    ConnectionFigures, DatabaseReport, DatabaseSizes, LongestTransaction, ReplicaFigures, StatementFigures,
    TableFigures, TransactionFigures,
};
use time::OffsetDateTime;

use crate::{DataError, Tx};

/// The server in this moment.
///
/// # Errors
/// [`DataError`] of the queries, [`DataError::NotPermitted`] without `system.read`.
pub async fn report(tx: &mut Tx, now: OffsetDateTime) -> Result<DatabaseReport, DataError> {
    let figures = sqlx::query!(
        r#"SELECT version AS "version!", started_at AS "started_at!", max_connections AS "max_connections!", blocks_hit AS "hit!",
            blocks_read AS "read!", committed AS "committed!", rolled_back AS "rolled_back!", deadlocks AS "deadlocks!",
            database_bytes AS "database_bytes!", blocked AS "blocked!", tells_statements AS "tells_statements!"
        FROM app.server_figures()"#
    );
    let figures = figures.fetch_optional(&mut *tx).await?;
    let figures = figures.ok_or(DataError::NotPermitted {
        permission: "system.read",
    })?;
    let connections = connections(tx).await?;
    Ok(DatabaseReport {
        at: Moment(now),
        version: figures.version,
        started_at: Moment(figures.started_at),
        max_connections: figures.max_connections,
        connection_count: connections.iter().map(|one| one.count).sum(),
        connections,
        cache_hit_percent: percent(figures.hit, figures.hit.saturating_add(figures.read)),
        transactions: TransactionFigures {
            committed: figures.committed,
            rolled_back: figures.rolled_back,
            deadlocks: figures.deadlocks,
        },
        sizes: DatabaseSizes {
            database_bytes: figures.database_bytes,
            tables: tables(tx).await?,
        },
        longest_transaction: longest(tx).await?,
        blocked: figures.blocked,
        replicas: replicas(tx).await?,
        statements: if figures.tells_statements {
            Some(statements(tx).await?)
        } else {
            None
        },
    })
}

async fn connections(tx: &mut Tx) -> Result<Vec<ConnectionFigures>, DataError> {
    let rows = sqlx::query_as!(
        ConnectionFigures,
        r#"SELECT role AS "role!", application AS "application!", state AS "state!", connections AS "count!"
        FROM app.connection_figures()"#
    );
    Ok(rows.fetch_all(&mut *tx).await?)
}

async fn longest(tx: &mut Tx) -> Result<Option<LongestTransaction>, DataError> {
    let row = sqlx::query_as!(
        LongestTransaction,
        r#"SELECT seconds AS "seconds!", role AS "role!", application AS "application!", state AS "state!", wait_event
        FROM app.longest_transaction()"#
    );
    Ok(row.fetch_optional(&mut *tx).await?)
}

async fn replicas(tx: &mut Tx) -> Result<Vec<ReplicaFigures>, DataError> {
    let rows = sqlx::query_as!(
        ReplicaFigures,
        r#"SELECT name AS "name!", state AS "state!", lag_seconds, lag_bytes FROM app.replica_figures()"#
    );
    Ok(rows.fetch_all(&mut *tx).await?)
}

async fn tables(tx: &mut Tx) -> Result<Vec<TableFigures>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT name AS "name!", estimated_rows AS "rows!", table_bytes AS "table_bytes!", index_bytes AS "index_bytes!",
            dead_rows AS "dead_rows!", last_vacuum, last_analyze
        FROM app.table_figures()"#
    );
    let rows = rows.fetch_all(&mut *tx).await?.into_iter();
    let tables = rows.map(|row| TableFigures {
        table: row.name,
        rows: row.rows,
        table_bytes: row.table_bytes,
        index_bytes: row.index_bytes,
        dead_rows: row.dead_rows,
        dead_percent: percent(row.dead_rows, row.dead_rows.saturating_add(row.rows)),
        last_vacuum: row.last_vacuum.map(Moment),
        last_analyze: row.last_analyze.map(Moment),
    });
    Ok(tables.collect())
}

async fn statements(tx: &mut Tx) -> Result<Vec<StatementFigures>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT query_id AS "query_id!", role AS "role!", query AS "query!", calls AS "calls!", mean_ms AS "mean_ms!",
            max_ms AS "max_ms!", total_ms AS "total_ms!", row_count AS "rows!", blocks_hit AS "hit!", blocks_read AS "read!"
        FROM app.statement_figures()"#
    );
    let rows = rows.fetch_all(&mut *tx).await?.into_iter();
    let statements = rows.map(|row| StatementFigures {
        query_id: row.query_id.to_string(),
        role: row.role,
        query: row.query,
        calls: row.calls,
        mean_ms: row.mean_ms,
        max_ms: row.max_ms,
        total_ms: row.total_ms,
        rows: row.rows,
        hit_percent: percent(row.hit, row.hit.saturating_add(row.read)),
    });
    Ok(statements.collect())
}

/// A share of a whole, in hundredths; none of nothing.
fn percent(part: i64, whole: i64) -> Option<f64> {
    portal_domain::report::share(part, whole).map(|share| 100.0 * share)
}
