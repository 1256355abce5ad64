//! Candidates, their scores and their facets.

use portal_domain::geo::Distance;
use portal_domain::money::Cents;
use portal_domain::search::{SearchMatching, SearchType, SearchWords};
use serde_json::Value;
use time::OffsetDateTime;

use super::{Dictionary, SearchFilters, SearchPosition};
use crate::place::as_geography;
use crate::{DataError, Tx};

/// How many candidates of a kind are looked at. What is found so often is counted no further.
pub const CAP: i32 = 100;

/// From which share of the contractors on a word is met [`CAP`] times on a walk along six thousand of them.
const COMMON_IN_CONTRACTORS: f32 = 0.02;

/// From which share of the projects on a word is met as often among the two thousand newest open ones.
const COMMON_IN_PROJECTS: f32 = 0.08;

/// One search.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// The words as text, in lower case.
    pub text: &'a str,
    /// The same as read.
    pub words: &'a SearchWords,
    /// Of how many of them.
    pub matching: SearchMatching,
    /// What narrows it.
    pub filters: &'a SearchFilters,
    /// The time as of which is scored.
    pub at: OffsetDateTime,
}

/// One result.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// What it is.
    pub kind: SearchType,
    /// Its id: the licence number of a contractor, the UUID of all else.
    pub id: String,
    /// How well it fits; the more, the better.
    pub score: f64,
    /// How far it is from the middle of the circle, where there is one.
    pub distance: Option<Distance>,
}

/// What the results divide up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    /// The kind of document.
    Type,
    /// Its state.
    Status,
    /// Its category.
    Category,
    /// Its city.
    City,
}

/// A value, and how many results have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    /// What it is a value of.
    pub facet: Facet,
    /// The value.
    pub value: String,
    /// How many of the candidates have it.
    pub count: i64,
    /// Whether counting ended before all were counted.
    pub is_capped: bool,
}

/// The commonest values, at most twenty of each facet.
pub type Facets = Vec<FacetValue>;

/// A page of results.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The results, best first.
    pub hits: Vec<Hit>,
    /// How many there are on all pages.
    pub total: i64,
    /// How they divide up.
    pub facets: Facets,
}

/// A page of results. `candidates.sql` says how they are scored, and the functions that it calls where they come from.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn find(
    tx: &mut Tx,
    search: &Search<'_>,
    dictionary: &Dictionary,
    after: Option<&SearchPosition>,
    limit: i64,
) -> Result<Found, DataError> {
    let kinds = search.filters.kinds();
    let Some(queries) = Queries::of(search, dictionary) else {
        return Ok(Found::default());
    };
    if kinds.is_empty() {
        return Ok(Found::default());
    }
    let filters = Filters::of(search.filters);
    let rows = sqlx::query_file!(
        "src/search/candidates.sql",
        queries.contractors,
        queries.projects,
        queries.events,
        queries.courses,
        queries.members,
        search.words.essential(),
        search.words.may_be_a_name().then_some(search.text),
        search.words.number(),
        &kinds.iter().map(ToString::to_string).collect::<Vec<_>>(),
        filters.statuses.as_deref(),
        filters.categories.as_deref(),
        filters.cities.as_deref(),
        search.filters.from,
        search.filters.to,
        search.filters.budget_min.map(Cents::get),
        search.filters.budget_max.map(Cents::get),
        filters.middle,
        filters.metres,
        search.filters.since,
        search.at,
        queries.common_in_contractors,
        queries.common_in_projects,
        CAP,
        after.map(SearchPosition::score),
        after.map(|after| after.kind.as_str()),
        after.map(|after| after.id.as_str()),
        limit,
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut found = Found::default();
    for row in rows {
        found.total = row.total;
        if let Some(facets) = row.facets {
            found.facets = read_facets(&facets)?;
        }
        if let (Some(kind), Some(id), Some(score)) = (row.kind, row.id, row.score) {
            found.hits.push(Hit {
                kind: read_kind(&kind)?,
                id,
                score,
                distance: row.distance.map(Distance::from_metres),
            });
        }
    }
    Ok(found)
}

/// The words as queries, one for each kind.
pub(super) struct Queries {
    pub(super) contractors: String,
    pub(super) projects: String,
    pub(super) events: String,
    pub(super) courses: String,
    pub(super) members: String,
    common_in_contractors: bool,
    common_in_projects: bool,
}

impl Queries {
    /// None where nothing is asked for.
    fn of(search: &Search<'_>, dictionary: &Dictionary) -> Option<Self> {
        let (words, filters) = (search.words, search.filters);
        let completions = dictionary.completions();
        let documents = |word: &str| dictionary.documents(word);
        let query = |kind| {
            let some = match search.matching {
                SearchMatching::All => None,
                SearchMatching::Some => words.some(kind, &documents),
            };
            Some(some.unwrap_or_else(|| words.wanted(kind, &completions))).filter(|query| !query.is_empty())
        };
        let of_contractors = |word: &str| dictionary.share_of_contractors(word);
        let of_projects = |word: &str| dictionary.share_of_projects(word);
        let all = search.matching == SearchMatching::All && !filters.narrow();
        let is_common = |kind, share: &dyn Fn(&str) -> f32, enough| all && words.share(kind, share) >= enough;
        Some(Self {
            contractors: query(SearchType::Contractor)?,
            projects: query(SearchType::Project)?,
            events: query(SearchType::Event)?,
            courses: query(SearchType::Course)?,
            members: query(SearchType::Member)?,
            common_in_contractors: is_common(SearchType::Contractor, &of_contractors, COMMON_IN_CONTRACTORS),
            common_in_projects: is_common(SearchType::Project, &of_projects, COMMON_IN_PROJECTS)
                && filters.area.is_none(),
        })
    }
}

/// Filters as the statement takes them: NULL where nothing is filtered, text in one case where its case does not matter.
struct Filters {
    statuses: Option<Vec<String>>,
    categories: Option<Vec<String>>,
    cities: Option<Vec<String>>,
    middle: Option<String>,
    metres: Option<f64>,
}

impl Filters {
    fn of(filters: &SearchFilters) -> Self {
        let texts = |texts: &[String], cased: fn(&str) -> String| {
            let texts: Vec<_> = texts.iter().map(|text| cased(text.trim())).collect();
            (!texts.is_empty()).then_some(texts)
        };
        Self {
            statuses: texts(&filters.statuses, str::to_uppercase),
            categories: texts(&filters.categories, str::to_uppercase),
            cities: texts(&filters.cities, str::to_lowercase),
            middle: filters.area.map(|(middle, _)| as_geography(middle)),
            metres: filters.area.map(|(_, radius)| radius.metres()),
        }
    }
}

pub(super) fn read_kind(text: &str) -> Result<SearchType, DataError> {
    text.parse()
        .map_err(|error: portal_domain::words::UnknownWord| corrupt(&error.to_string()))
}

/// The values as `candidates.sql` gives them: facet, value, count, and whether it was capped.
fn read_facets(facets: &Value) -> Result<Facets, DataError> {
    let rows: Vec<(String, String, i64, bool)> =
        serde_json::from_value(facets.clone()).map_err(|error| corrupt(&error.to_string()))?;
    let values = rows.into_iter().map(|(facet, value, count, is_capped)| {
        let facet = match facet.as_str() {
            "TYPE" => Facet::Type,
            "STATUS" => Facet::Status,
            "CATEGORY" => Facet::Category,
            "CITY" => Facet::City,
            _ => return Err(corrupt(&facet)),
        };
        Ok(FacetValue {
            facet,
            value,
            count,
            is_capped,
        })
    });
    values.collect()
}

fn corrupt(reason: &str) -> DataError {
    DataError::Corrupt {
        table: "candidates of a search",
        reason: reason.to_owned(),
    }
}
