//! What is shown of results.

use std::collections::HashMap;

use portal_domain::geo::Distance;
use portal_domain::listing::Moment;
use portal_domain::search::{Candidate, MARK_END, MARK_START, Score, SearchType, SearchWords, marked_html};
use time::OffsetDateTime;
use uuid::Uuid;

use super::find::read_kind;
use crate::{DataError, Tx};

/// A result with what is shown of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchResult {
    /// What it is.
    pub kind: SearchType,
    /// Its id: the licence number of a contractor, the UUID of all else.
    pub id: String,
    /// How well it fits.
    pub score: Score,
    /// How far it is from the middle of the circle, where there is one.
    pub distance: Option<Distance>,
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

/// A row of `app.describe_found`.
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
    fn result(self, score: Score, candidate: &Candidate) -> SearchResult {
        let marked_text = self.marked_text.filter(|text| !text.trim().is_empty());
        SearchResult {
            kind: candidate.kind,
            id: self.id,
            score,
            distance: candidate.distance,
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
    page: &[(Score, Candidate)],
) -> Result<Vec<SearchResult>, DataError> {
    if page.is_empty() {
        return Ok(Vec::new());
    }
    let query = |kind| words.wanted(kind, &[]);
    let marks = format!("StartSel={MARK_START}, StopSel={MARK_END}");
    let (numbers, ids) = (numbers(page), |kind| ids(page, kind));
    let (projects, events) = (ids(SearchType::Project), ids(SearchType::Event));
    let (courses, members) = (ids(SearchType::Course), ids(SearchType::Member));
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT kind AS "kind!", id AS "id!", title AS "title!", subtitle, status, category, city, happens_at AS date,
                  marked_title AS "marked_title!", marked_text
           FROM app.describe_found($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"#,
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
    let results = page.iter().filter_map(|(score, candidate)| {
        let row = shown.remove(&(candidate.kind, candidate.id.clone()))?;
        Some(row.result(*score, candidate))
    });
    Ok(results.collect())
}

/// The licence numbers among the results, if any.
pub(super) fn numbers(page: &[(Score, Candidate)]) -> Option<Vec<String>> {
    let numbers: Vec<_> = of_kind(page, SearchType::Contractor).map(str::to_owned).collect();
    (!numbers.is_empty()).then_some(numbers)
}

/// The ids of the results of a kind, if any.
pub(super) fn ids(page: &[(Score, Candidate)], kind: SearchType) -> Option<Vec<Uuid>> {
    let ids: Vec<_> = of_kind(page, kind).filter_map(|id| id.parse().ok()).collect();
    (!ids.is_empty()).then_some(ids)
}

fn of_kind(page: &[(Score, Candidate)], kind: SearchType) -> impl Iterator<Item = &str> {
    let page = page.iter().filter(move |(_, candidate)| candidate.kind == kind);
    page.map(|(_, candidate)| candidate.id.as_str())
}
