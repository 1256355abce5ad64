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
    let keys = Keys::of(page);
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
        keys.contractors.as_deref(),
        keys.projects.as_deref(),
        keys.events.as_deref(),
        keys.courses.as_deref(),
        keys.members.as_deref(),
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

/// The keys of results by what they are; None where there are none of a kind, which is then no part of a plan.
pub(super) struct Keys {
    pub(super) contractors: Option<Vec<String>>,
    pub(super) projects: Option<Vec<Uuid>>,
    pub(super) events: Option<Vec<Uuid>>,
    pub(super) courses: Option<Vec<Uuid>>,
    pub(super) members: Option<Vec<Uuid>>,
}

impl Keys {
    pub(super) fn of(results: &[(Score, Candidate)]) -> Self {
        let ids = |kind| some(of_kind(results, kind).filter_map(|id| id.parse().ok()));
        Self {
            contractors: some(of_kind(results, SearchType::Contractor).map(str::to_owned)),
            projects: ids(SearchType::Project),
            events: ids(SearchType::Event),
            courses: ids(SearchType::Course),
            members: ids(SearchType::Member),
        }
    }
}

fn some<T>(keys: impl Iterator<Item = T>) -> Option<Vec<T>> {
    let keys: Vec<_> = keys.collect();
    (!keys.is_empty()).then_some(keys)
}

fn of_kind(page: &[(Score, Candidate)], kind: SearchType) -> impl Iterator<Item = &str> {
    let page = page.iter().filter(move |(_, candidate)| candidate.kind == kind);
    page.map(|(_, candidate)| candidate.id.as_str())
}
