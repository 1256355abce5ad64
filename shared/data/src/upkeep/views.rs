//! Materialized views: whether what they are made of was written to since, and making them anew.

use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use time::OffsetDateTime;

use super::{limit, quoted};
use crate::DataError;

/// What is known of a materialized view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewState {
    /// Its name.
    pub name: String,
    /// Whether it can be made anew while it is read: by a unique index, once it has content.
    pub is_concurrent: bool,
    /// How often the tables that it is made of have been written to, as the statistics count.
    pub changes: i64,
    /// How often they had been when it was last made anew; none when we never did.
    pub noted: Option<i64>,
}

/// Every materialized view that this role may refresh.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn views(connection: &mut PgConnection) -> Result<Vec<ViewState>, DataError> {
    let views = sqlx::query_file_as!(ViewState, "src/upkeep/views.sql");
    Ok(views.fetch_all(connection).await?)
}

/// Makes a view anew, and notes of how much: both or neither.
///
/// # Errors
/// [`DataError::Timeout`] when it took longer than it may.
pub async fn refresh(
    connection: &mut PgConnection,
    view: &ViewState,
    longest: Option<Duration>,
    at: OffsetDateTime,
) -> Result<(), DataError> {
    let name = quoted(connection, &view.name).await?;
    let how = if view.is_concurrent { "CONCURRENTLY " } else { "" };
    limit(connection, longest).await?;
    let done = refresh_and_note(
        connection,
        view,
        &format!("REFRESH MATERIALIZED VIEW {how}{name}"),
        at,
    )
    .await;
    limit(connection, None).await?;
    done
}

async fn refresh_and_note(
    connection: &mut PgConnection,
    view: &ViewState,
    statement: &str,
    at: OffsetDateTime,
) -> Result<(), DataError> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql(statement).execute(&mut *transaction).await?;
    sqlx::query!(
        "INSERT INTO view_refreshes (view_name, changes, refreshed_at) VALUES ($1, $2, $3)
        ON CONFLICT (view_name) DO UPDATE SET changes = EXCLUDED.changes, refreshed_at = EXCLUDED.refreshed_at",
        view.name,
        view.changes,
        at,
    )
    .execute(&mut *transaction)
    .await?;
    Ok(transaction.commit().await?)
}
