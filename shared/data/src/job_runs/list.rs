//! Runs of jobs as staff see them.

use portal_domain::listing::Moment;
use portal_domain::operations::JobListing;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{DataError, Tx};

struct Row {
    id: Uuid,
    job: String,
    state: String,
    started_at: OffsetDateTime,
    finished_at: Option<OffsetDateTime>,
    error: Option<String>,
    details: Value,
}

impl TryFrom<Row> for JobListing {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            run_id: row.id,
            job: row.job,
            state: row.state.parse().map_err(|error| DataError::Corrupt {
                table: "job_runs",
                reason: format!("state {error}"),
            })?,
            started_at: Moment(row.started_at),
            finished_at: row.finished_at.map(Moment),
            error: row.error,
            details: row.details,
        })
    }
}

/// The last run of a job; none before the first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn last_of(tx: &mut Tx, job: &str) -> Result<Option<JobListing>, DataError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, job, state, started_at, finished_at, error, details FROM job_runs
        WHERE job = $1
        ORDER BY started_at DESC
        LIMIT 1",
        job,
    );
    let row = row.fetch_optional(&mut *tx).await?;
    row.map(TryInto::try_into).transpose()
}

/// The last run of every job, by their names.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn last_of_each(tx: &mut Tx) -> Result<Vec<JobListing>, DataError> {
    let rows = sqlx::query_file_as!(Row, "src/job_runs/last_of_each.sql")
        .fetch_all(&mut *tx)
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}
