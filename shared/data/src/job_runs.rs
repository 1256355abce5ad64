//! The record of scheduled work, and the lock that lets one invocation at a time do it.

mod list;

use serde_json::Value;
use uuid::Uuid;

use crate::single_row::one;
use crate::{DataError, Tx};

pub use list::{last_of, last_of_each};

/// Records that a run of a job begins. A run's id is also the request id of its transactions, so the audit names it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn begin(tx: &mut Tx, id: Uuid, job: &str) -> Result<(), DataError> {
    sqlx::query!("INSERT INTO job_runs (id, job) VALUES ($1, $2)", id, job)
        .execute(&mut *tx)
        .await?;
    Ok(())
}

/// Notes that a run is alive.
///
/// # Errors
/// [`DataError`] of the query, [`DataError::NotFound`] for an unknown run, or one that has ended.
pub async fn beat(tx: &mut Tx, id: Uuid) -> Result<(), DataError> {
    let done = sqlx::query!(
        "UPDATE job_runs SET heartbeat_at = now() WHERE id = $1 AND state = 'RUNNING'",
        id
    )
    .execute(&mut *tx)
    .await?;
    one(done.rows_affected())
}

/// Records that a run has done what it is for.
///
/// # Errors
/// [`DataError`] of the query, [`DataError::NotFound`] for an unknown run.
pub async fn complete(tx: &mut Tx, id: Uuid, details: &Value) -> Result<(), DataError> {
    let done = sqlx::query!(
        "UPDATE job_runs
        SET state = 'COMPLETED', details = $2, heartbeat_at = now(), finished_at = now()
        WHERE id = $1",
        id,
        details,
    )
    .execute(&mut *tx)
    .await?;
    one(done.rows_affected())
}

/// Records that a run has failed, and why.
///
/// # Errors
/// As [`complete`].
pub async fn fail(tx: &mut Tx, id: Uuid, error: &str) -> Result<(), DataError> {
    let done = sqlx::query!(
        "UPDATE job_runs
        SET state = 'FAILED', error = $2, heartbeat_at = now(), finished_at = now()
        WHERE id = $1",
        id,
        error,
    )
    .execute(&mut *tx)
    .await?;
    one(done.rows_affected())
}

/// Records that a run has failed, why, and what it has done all the same.
///
/// # Errors
/// As [`complete`].
pub async fn fail_in_part(tx: &mut Tx, id: Uuid, details: &Value, error: &str) -> Result<(), DataError> {
    let done = sqlx::query!(
        "UPDATE job_runs
        SET state = 'FAILED', details = $2, error = $3, heartbeat_at = now(), finished_at = now()
        WHERE id = $1",
        id,
        details,
        error,
    )
    .execute(&mut *tx)
    .await?;
    one(done.rows_affected())
}

/// Ends the records of runs that died: for a job of which one run works at a time, called by the run that does before it has a record.
/// How many there were.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn bury(tx: &mut Tx, job: &str) -> Result<u64, DataError> {
    fail_others(tx, Uuid::nil(), job).await
}

/// As [`bury`], by a run that has its record.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn fail_others(tx: &mut Tx, id: Uuid, job: &str) -> Result<u64, DataError> {
    let failed = sqlx::query!(
        "UPDATE job_runs
        SET state = 'FAILED', error = 'the invocation ended before its run did', finished_at = now()
        WHERE job = $2 AND state = 'RUNNING' AND id <> $1",
        id,
        job,
    )
    .execute(&mut *tx)
    .await?;
    Ok(failed.rows_affected())
}

/// Records of a run that it did what it is for, where it has failed in this record alone: the database was restored from a moment in
/// which the run was at work, so it seemed to have died. False for any other run.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn complete_restored(
    tx: &mut Tx,
    id: Uuid,
    job: &str,
    details: &Value,
    seconds: f64,
) -> Result<bool, DataError> {
    let done = sqlx::query!(
        "UPDATE job_runs
        SET state = 'COMPLETED', details = $3, error = NULL, heartbeat_at = started_at + make_interval(secs => $4),
            finished_at = started_at + make_interval(secs => $4)
        WHERE id = $1 AND job = $2 AND state = 'FAILED'",
        id,
        job,
        details,
        seconds,
    )
    .execute(&mut *tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends the records of runs of a job that have shown no sign of life for longer than an invocation lasts: they died. How many there were.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn bury_silent(tx: &mut Tx, job: &str) -> Result<u64, DataError> {
    let done = sqlx::query!(
        "UPDATE job_runs
        SET state = 'FAILED', error = 'the invocation ended before its run did', finished_at = now()
        WHERE job = $1 AND state = 'RUNNING' AND heartbeat_at < now() - interval '20 minutes'",
        job,
    )
    .execute(&mut *tx)
    .await?;
    Ok(done.rows_affected())
}

/// What the last run of a job that came to its end said of itself; none before the first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn last_details(tx: &mut Tx, job: &str) -> Result<Option<Value>, DataError> {
    let details = sqlx::query_scalar!(
        "SELECT details FROM job_runs WHERE job = $1 AND state = 'COMPLETED' ORDER BY started_at DESC LIMIT 1",
        job,
    );
    Ok(details.fetch_optional(&mut *tx).await?)
}

/// What took longer than there was time in the last run of a job that says so.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn last_timed_out(tx: &mut Tx, job: &str) -> Result<Vec<String>, DataError> {
    let names = sqlx::query_scalar!(
        r#"SELECT jsonb_array_elements_text(last.names) AS "name!"
        FROM (
            SELECT details -> 'timedOut' AS names FROM job_runs
            WHERE job = $1 AND jsonb_typeof(details -> 'timedOut') = 'array'
            ORDER BY started_at DESC
            LIMIT 1
        ) AS last"#,
        job,
    );
    Ok(names.fetch_all(&mut *tx).await?)
}

/// Takes the lock of a kind of work until the transaction ends; false when another transaction has it.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn try_lock(tx: &mut Tx, job: &str) -> Result<bool, DataError> {
    let known = sqlx::query!("SELECT job FROM job_locks WHERE job = $1", job)
        .fetch_optional(&mut *tx)
        .await?;
    if known.is_none() {
        sqlx::query!(
            "INSERT INTO job_locks (job) VALUES ($1) ON CONFLICT DO NOTHING",
            job
        )
        .execute(&mut *tx)
        .await?;
    }
    let taken = sqlx::query!(
        "SELECT job FROM job_locks WHERE job = $1 FOR UPDATE SKIP LOCKED",
        job
    )
    .fetch_optional(&mut *tx)
    .await?;
    Ok(taken.is_some())
}
