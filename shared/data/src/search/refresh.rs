//! The dictionary brought up to date.

use portal_domain::search::SearchType;
use serde::Serialize;
use sqlx::{Executor, Postgres};

use crate::DataError;

/// What has changed in the dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TermCounts {
    /// Words that are new.
    pub added: i64,
    /// Words that another number of documents has.
    pub changed: i64,
    /// Words that are gone.
    pub removed: i64,
}

/// Brings the words of these kinds up to date; only what differs is written. Members' words are never among them.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn refresh_terms<'c>(
    executor: impl Executor<'c, Database = Postgres>,
    kinds: &[SearchType],
) -> Result<TermCounts, DataError> {
    let kinds: Vec<_> = kinds
        .iter()
        .filter(|kind| **kind != SearchType::Member)
        .map(ToString::to_string)
        .collect();
    let counts = sqlx::query_as!(
        TermCounts,
        r#"SELECT added AS "added!", changed AS "changed!", removed AS "removed!" FROM app.refresh_search_terms($1)"#,
        &kinds,
    )
    .fetch_one(executor)
    .await?;
    Ok(counts)
}
