//! Reading the rejects of a run.

use portal_domain::ids::ImportId;
use sqlx::postgres::PgConnection;

use super::chunk::Reject;
use crate::DataError;

/// The next rejects of a run behind a line, in the order of the file, at most 1,000.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn rejects_after(
    connection: &mut PgConnection,
    id: ImportId,
    line: i64,
) -> Result<Vec<Reject>, DataError> {
    let rejects = sqlx::query_as!(
        Reject,
        "SELECT line, reason, record FROM import_rejects WHERE import_id = $1 AND line > $2 ORDER BY line LIMIT 1000",
        id.as_uuid(),
        line,
    )
    .fetch_all(connection)
    .await?;
    Ok(rejects)
}
