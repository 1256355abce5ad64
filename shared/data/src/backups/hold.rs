//! The tables of a dump, held before the moment that it is of.
//!
//! A snapshot does not see what a statement that rewrites a table (ALTER TABLE, TRUNCATE) has put there afterwards: to it, the table is
//! empty. Nothing would tell, since a dump and a count by the same snapshot agree. So no table may be open to such a statement between
//! the snapshot and the dump: they are all locked first, by LOCK TABLE, which takes no snapshot.

use std::time::{Duration, Instant};

use sqlx::Executor;
use sqlx::postgres::PgConnection;

use crate::DataError;

/// How long tables that somebody alters are waited for in all.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long for one at a time, with the others held. Less than it takes the server to look for deadlocks: whoever alters several tables
/// shall not be the one who is thrown out.
const AT_ONCE: &str = "SET lock_timeout = '500ms'";

/// Held by somebody else, gone in between, or waiting for each other.
const PASSING: [&str; 3] = ["55P03", "42P01", "40P01"];

/// Begins a transaction that holds every table which this role may read, and sees one moment after that.
pub(super) async fn hold_tables(connection: &mut PgConnection) -> Result<(), DataError> {
    let began = Instant::now();
    connection.execute(AT_ONCE).await?;
    loop {
        // Before the transaction, whose snapshot would be that of its first query.
        let statement = lock_statement(connection).await?;
        connection
            .execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await?;
        match connection.execute(sqlx::raw_sql(&statement)).await {
            // One that was made in between is not held: it is with the next attempt.
            Ok(_) if holds_all(connection).await? => return Ok(()),
            Ok(_) => {}
            Err(error) if is_passing(&error) => {
                tracing::info!(%error, "a table is being altered: the dump waits for it");
            }
            Err(error) => return Err(error.into()),
        }
        connection.execute("ROLLBACK").await?;
        if began.elapsed() >= PATIENCE {
            return Err(DataError::Unavailable {
                message: format!(
                    "somebody has altered {} for longer than {} s: no dump is made beside that",
                    altered(connection).await?,
                    PATIENCE.as_secs()
                ),
                outcome_unknown: false,
            });
        }
    }
}

fn is_passing(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| PASSING.contains(&code.as_ref()))
}

async fn lock_statement(connection: &mut PgConnection) -> Result<String, DataError> {
    let tables = sqlx::query_file_scalar!("src/backups/held.sql")
        .fetch_one(connection)
        .await?;
    Ok(format!("LOCK TABLE {tables} IN ACCESS SHARE MODE"))
}

/// Whether every table that the transaction sees is held by it.
async fn holds_all(connection: &mut PgConnection) -> Result<bool, DataError> {
    let holds_all = sqlx::query_file_scalar!("src/backups/holds_all.sql");
    Ok(holds_all.fetch_one(connection).await?)
}

/// The tables that others hold for themselves alone.
async fn altered(connection: &mut PgConnection) -> Result<String, DataError> {
    let names = sqlx::query_scalar!(
        r#"SELECT COALESCE(string_agg(DISTINCT l.relation::regclass::text, ', '), 'a table') AS "names!"
        FROM pg_locks AS l
        JOIN pg_class AS c ON c.oid = l.relation AND c.relkind IN ('r', 'p')
        WHERE l.mode = 'AccessExclusiveLock' AND l.pid <> pg_backend_pid()
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"#
    );
    Ok(names.fetch_one(connection).await?)
}
