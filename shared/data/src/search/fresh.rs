//! What a search finds that is new.

use std::collections::HashSet;

use portal_domain::search::{SavedQuery, SearchMatching, SearchWords};
use time::OffsetDateTime;

use super::describe::Keys;
use super::find::read_kind;
use super::{Search, SearchFilters, SearchResult, describe, find, look_up};
use crate::{DataError, Tx};

/// What can be found since a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fresh {
    /// The best of it.
    pub results: Vec<SearchResult>,
    /// How many there are in all.
    pub total: usize,
    /// Whether there may be more: of each kind about [`super::CAP`] are looked at.
    pub is_capped: bool,
}

/// What has become visible after `since` and not after `until` and has all words of a query, as they were typed: whoever waits for
/// something has not asked for what is like it. Shows the best `limit`, as of `until`.
///
/// # Errors
/// [`DataError`] of a query.
pub async fn find_fresh(
    tx: &mut Tx,
    query: &SavedQuery,
    since: OffsetDateTime,
    until: OffsetDateTime,
    limit: usize,
) -> Result<Fresh, DataError> {
    let words = SearchWords::parse(&query.q);
    let dictionary = look_up(tx, &words).await?;
    let filters = SearchFilters {
        since: Some(since),
        ..SearchFilters::from(query.clone())
    };
    let search = Search {
        text: &query.q.trim().to_lowercase(),
        words: &words,
        matching: SearchMatching::All,
        filters: &filters,
        at: until,
    };
    let found = find(tx, &search, &dictionary).await?;
    let (is_capped, mut found) = (found.is_capped(), found.ranked);
    if found.is_empty() {
        return Ok(Fresh::default());
    }
    let keys = Keys::of(&found);
    let later = sqlx::query_file!(
        "src/search/later.sql",
        until,
        keys.contractors.as_deref(),
        keys.projects.as_deref(),
        keys.events.as_deref(),
        keys.courses.as_deref(),
        keys.members.as_deref(),
    )
    .fetch_all(&mut *tx)
    .await?
    .into_iter()
    .map(|row| Ok((read_kind(&row.kind)?, row.id)))
    .collect::<Result<HashSet<_>, DataError>>()?;
    found.retain(|(_, found)| !later.contains(&(found.kind, found.id.clone())));
    let total = found.len();
    found.truncate(limit);
    Ok(Fresh {
        results: describe(tx, &words, &found).await?,
        total,
        is_capped,
    })
}
