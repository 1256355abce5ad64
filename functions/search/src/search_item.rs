//! What a search shows.

use portal_data::search::{Facets, SearchAnswer, SearchResult};
use portal_domain::geo::Distance;
use portal_domain::listing::Moment;
use portal_domain::search::{FacetValue, SearchMatching, SearchType};
use portal_http::page::List;
use serde::Serialize;
use utoipa::ToSchema;

/// Parts of a result with what matches in `<mark>`. They are HTML in which everything else is escaped, so they can be put into a page
/// as they are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Highlights {
    /// The whole title.
    title: String,
    /// The part of the text that fits best: of the description, of a contractor the name that it does business as, of a member the
    /// title, firm, skills and bio.
    #[schema(required)]
    text: Option<String>,
}

/// One result.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchItem {
    /// What it is.
    #[serde(rename = "type")]
    kind: SearchType,
    /// Its id: the licence number of a contractor, the UUID of all else.
    id: String,
    /// Its title or name, as text.
    title: String,
    /// What stands below: the licence classes of a contractor, the place of a project or event, the difficulty of a course, title and
    /// firm of a member.
    #[schema(required)]
    subtitle: Option<String>,
    /// What matches.
    highlights: Highlights,
    /// Its state; of a contractor the primary status of the licence.
    #[schema(required)]
    status: Option<String>,
    /// Its category; of an event its type.
    #[schema(required)]
    category: Option<String>,
    /// Its city; of a member only where it is shown to the caller.
    #[schema(required)]
    city: Option<String>,
    /// The deadline of a project, the beginning of an event, the publication of a course.
    #[schema(required)]
    date: Option<Moment>,
    /// The great-circle distance from `near`, when that is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, nullable = false)]
    distance_miles: Option<f64>,
    /// How well it fits: the more, the better. Scores of different searches say nothing about each other.
    score: f64,
}

impl From<SearchResult> for SearchItem {
    fn from(result: SearchResult) -> Self {
        Self {
            kind: result.kind,
            id: result.id,
            title: result.title,
            subtitle: result.subtitle,
            highlights: Highlights {
                title: result.marked_title,
                text: result.marked_text,
            },
            status: result.status,
            category: result.category,
            city: result.city,
            date: result.date,
            distance_miles: result.distance.map(Distance::miles),
            score: result.score.value(),
        }
    }
}

/// A value, and how many results have it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FacetCount {
    /// The value.
    value: String,
    /// How many results have it.
    #[schema(minimum = 1)]
    count: usize,
    /// Whether there may be more: of each type fifty to a hundred results are looked at.
    capped: bool,
}

/// How the results divide up: of each facet the commonest values, at most 20.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct SearchFacets {
    /// By what they are.
    types: Vec<FacetCount>,
    /// By state.
    statuses: Vec<FacetCount>,
    /// By category.
    categories: Vec<FacetCount>,
    /// By city, where that is shown to the caller.
    cities: Vec<FacetCount>,
}

impl From<Facets> for SearchFacets {
    fn from(facets: Facets) -> Self {
        let counts = |values: Vec<FacetValue>| values.into_iter().map(FacetCount::from).collect();
        Self {
            types: counts(facets.types),
            statuses: counts(facets.statuses),
            categories: counts(facets.categories),
            cities: counts(facets.cities),
        }
    }
}

impl From<FacetValue> for FacetCount {
    fn from(value: FacetValue) -> Self {
        Self {
            value: value.value,
            count: value.count,
            capped: value.is_capped,
        }
    }
}

/// What was searched for, and how the results divide up.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchFacts {
    facets: SearchFacets,
    /// The words that the results were searched for: those that were typed, or the correction where those find nothing.
    searched_for: String,
    /// What may have been meant, where little or nothing has what was typed: the words that were searched for instead if it is the same
    /// as `searchedFor`, else what could be searched for.
    #[schema(required)]
    did_you_mean: Option<String>,
    /// Whether the results have all words, or some of them since nothing has all.
    matching: SearchMatching,
}

impl SearchFacts {
    pub(crate) fn of(answer: &mut SearchAnswer) -> Self {
        Self {
            facets: std::mem::take(&mut answer.facets).into(),
            searched_for: answer.searched_for.to_string(),
            did_you_mean: answer.did_you_mean.as_ref().map(ToString::to_string),
            matching: answer.matching,
        }
    }
}

/// A page of results.
#[derive(Serialize, ToSchema)]
pub(crate) struct SearchList {
    #[serde(flatten)]
    list: List<SearchItem>,
    #[serde(flatten)]
    facts: SearchFacts,
}
