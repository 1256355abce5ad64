//! What is shown of results.

use std::collections::HashMap;

use portal_domain::listing::Moment;
use portal_domain::search::{MARK_END, MARK_START, SearchType, SearchWords, marked_html};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Hit;
use super::find::read_kind;
use crate::{DataError, Tx};

/// A result with what is shown of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchResult {
    /// What it is, and how well it fits.
    pub hit: Hit,
    /// Its name or title.
    pub title: String,
    /// What stands below: the classes of a contractor, the place of a project or event, the difficulty of a course, the title and firm
    /// of a member.
    pub subtitle: Option<String>,
    /// Its state.
    pub status: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// Its city; of a member who shows it.
    pub city: Option<String>,
    /// The deadline of a project, the beginning of an event, the publication of a course.
    pub date: Option<Moment>,
    /// The title as HTML with what matches marked.
    pub marked_title: String,
    /// A part of its text as HTML with what matches marked.
    pub marked_text: Option<String>,
}

/// A row of `page.sql`.
struct Row {
    kind: String,
    id: String,
    title: String,
    subtitle: Option<String>,
    status: Option<String>,
    category: Option<String>,
    city: Option<String>,
    date: Option<OffsetDateTime>,
    marked_title: String,
    marked_text: Option<String>,
}

impl Row {
    fn result(self, hit: Hit) -> SearchResult {
        let marked_text = self.marked_text.filter(|text| !text.trim().is_empty());
        SearchResult {
            hit,
            title: self.title,
            subtitle: self.subtitle,
            status: self.status,
            category: self.category,
            city: self.city,
            date: self.date.map(Moment),
            marked_title: marked_html(&self.marked_title),
            marked_text: marked_text.as_deref().map(marked_html),
        }
    }
}

/// What is shown of one page. What has gone since it was found is left out.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn describe(
    tx: &mut Tx,
    words: &SearchWords,
    hits: Vec<Hit>,
) -> Result<Vec<SearchResult>, DataError> {
    if hits.is_empty() {
        return Ok(Vec::new());
    }
    let query = |kind| words.wanted(kind, &[]);
    let marks = format!("StartSel={MARK_START}, StopSel={MARK_END}");
    let (numbers, ids) = (numbers(&hits), |kind| ids(&hits, kind));
    let (projects, events) = (ids(SearchType::Project), ids(SearchType::Event));
    let (courses, members) = (ids(SearchType::Course), ids(SearchType::Member));
    let rows = sqlx::query_file_as!(
        Row,
        "src/search/page.sql",
        query(SearchType::Contractor),
        query(SearchType::Project),
        query(SearchType::Event),
        query(SearchType::Course),
        query(SearchType::Member),
        numbers.as_deref(),
        projects.as_deref(),
        events.as_deref(),
        courses.as_deref(),
        members.as_deref(),
        format!("{marks}, HighlightAll=true"),
        format!("{marks}, MaxWords=40, MinWords=20"),
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut shown = HashMap::new();
    for row in rows {
        shown.insert((read_kind(&row.kind)?, row.id.clone()), row);
    }
    let results = hits.into_iter().filter_map(|hit| {
        let row = shown.remove(&(hit.kind, hit.id.clone()))?;
        Some(row.result(hit))
    });
    Ok(results.collect())
}

/// The licence numbers among the results, if any.
fn numbers(hits: &[Hit]) -> Option<Vec<String>> {
    let contractors = hits.iter().filter(|hit| hit.kind == SearchType::Contractor);
    let numbers: Vec<_> = contractors.map(|hit| hit.id.clone()).collect();
    (!numbers.is_empty()).then_some(numbers)
}

/// The ids of the results of a kind, if any.
fn ids(hits: &[Hit], kind: SearchType) -> Option<Vec<Uuid>> {
    let hits = hits.iter().filter(|hit| hit.kind == kind);
    let ids: Vec<_> = hits.filter_map(|hit| hit.id.parse().ok()).collect();
    (!ids.is_empty()).then_some(ids)
}
