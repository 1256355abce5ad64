//! Candidates.

use portal_domain::geo::Distance;
use portal_domain::money::Cents;
use portal_domain::search::{
    Candidate, Facet, FacetValue, NameMatch, Score, SearchMatching, SearchType, SearchWords, capped_kinds,
    facet, ranked,
};
use time::OffsetDateTime;

use super::{Dictionary, SearchFilters};
use crate::place::as_geography;
use crate::{DataError, Tx};

/// How many candidates of a kind are looked at. What is found so often is counted no further.
pub const CAP: usize = 100;

/// The same for words that a walk finds: they are everywhere, and nobody turns that many pages.
const CAP_OF_COMMON: usize = 50;

/// From which share of the contractors on a word is met often enough on a walk along six thousand of them.
const COMMON_IN_CONTRACTORS: f32 = 0.02;

/// From which share of the projects on a word is met as often among the two thousand newest open ones.
const COMMON_IN_PROJECTS: f32 = 0.04;

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

/// How the results divide up: of each facet the commonest values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By kind.
    pub types: Vec<FacetValue>,
    /// By state.
    pub statuses: Vec<FacetValue>,
    /// By category.
    pub categories: Vec<FacetValue>,
    /// By city.
    pub cities: Vec<FacetValue>,
}

/// All that a search has found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The candidates, best first.
    pub ranked: Vec<(Score, Candidate)>,
    /// How many of a kind were looked at.
    cap: usize,
}

impl Found {
    /// Whether there may be more than was found.
    #[must_use]
    pub fn is_capped(&self) -> bool {
        !capped_kinds(&self.ranked, self.cap).is_empty()
    }

    /// How they divide up.
    #[must_use]
    pub fn facets(&self) -> Facets {
        let of = |of| facet(of, &self.ranked, self.cap);
        Facets {
            types: of(Facet::Type),
            statuses: of(Facet::Status),
            categories: of(Facet::Category),
            cities: of(Facet::City),
        }
    }
}

/// What a search finds: of each kind [`CAP`] candidates or a few more. The functions that `candidates.sql` calls say where they come
/// from.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn find(tx: &mut Tx, search: &Search<'_>, dictionary: &Dictionary) -> Result<Found, DataError> {
    let kinds = search.filters.kinds();
    let Some(queries) = Queries::of(search, dictionary) else {
        return Ok(Found::default());
    };
    if kinds.is_empty() {
        return Ok(Found::default());
    }
    let filters = Filters::of(search.filters);
    let cap = if queries.common_in_contractors || queries.common_in_projects {
        CAP_OF_COMMON
    } else {
        CAP
    };
    let rows = sqlx::query_file_as!(
        Row,
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
        i32::try_from(cap).unwrap_or(i32::MAX),
    )
    .fetch_all(&mut *tx)
    .await?;
    let candidates = rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<Vec<_>, _>>()?;
    let radius = search.filters.area.map(|(_, radius)| radius);
    Ok(Found {
        ranked: ranked(candidates, search.at, radius),
        cap,
    })
}

/// A row of `candidates.sql`.
struct Row {
    kind: String,
    id: String,
    relevance: f32,
    is_literal: bool,
    name: i32,
    is_live: bool,
    happens_at: Option<OffsetDateTime>,
    distance: Option<f64>,
    status: Option<String>,
    category: Option<String>,
    city: Option<String>,
}

impl TryFrom<Row> for Candidate {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            kind: read_kind(&row.kind)?,
            id: row.id,
            relevance: f64::from(row.relevance),
            is_literal: row.is_literal,
            name: match row.name {
                2 => NameMatch::Whole,
                1 => NameMatch::Beginning,
                _ => NameMatch::Part,
            },
            is_live: row.is_live,
            happens_at: row.happens_at,
            distance: row.distance.map(Distance::from_metres),
            status: row.status,
            category: row.category,
            city: row.city,
        })
    }
}

/// The words as queries, one for each kind.
struct Queries {
    contractors: String,
    projects: String,
    events: String,
    courses: String,
    members: String,
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
        .map_err(|error: portal_domain::words::UnknownWord| DataError::Corrupt {
            table: "candidates of a search",
            reason: error.to_string(),
        })
}
