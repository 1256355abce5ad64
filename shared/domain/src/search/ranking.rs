//! Which result stands before which, and how results divide up.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use time::OffsetDateTime;

use super::SearchType;
use crate::geo::Distance;

/// How many parts a score of 1 has. Scores are whole numbers of these, so that the pages of one list agree about every tie.
const PARTS: f64 = 1e9;

/// After how many days what is new, or how soon what is to come, counts half.
const HALF_LIFE_DAYS: f64 = 60.0;

/// How many values of a facet are told.
const MOST_VALUES: usize = 20;

/// How much of its name a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameMatch {
    /// None, or a part of it.
    Part,
    /// What it begins with.
    Beginning,
    /// The whole, or the number of a licence.
    Whole,
}

/// Something that was found, with what its score and the facets are made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What it is.
    pub kind: SearchType,
    /// Its id: the licence number of a contractor, the UUID of all else.
    pub id: String,
    /// How well its text fits, from 0 to 1: by the weight of the words that match and how near they are to each other.
    pub relevance: f64,
    /// Whether it has the words as they were typed, and not only their kin.
    pub is_literal: bool,
    /// How much of its name was typed.
    pub name: NameMatch,
    /// Whether it is of use now: a licence in good standing, a project that takes bids, an event to come.
    pub is_live: bool,
    /// When it was published, or of an event when it begins.
    pub happens_at: Option<OffsetDateTime>,
    /// How far it is from the middle of the circle, where there is one.
    pub distance: Option<Distance>,
    /// Its state.
    pub status: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// Its city, where the caller may know it.
    pub city: Option<String>,
}

/// How well a candidate fits; the more, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Score(i64);

impl Score {
    /// As a number that is about 0 to 2.
    #[must_use]
    // Far below 2^52.
    #[allow(clippy::cast_precision_loss)]
    pub fn value(self) -> f64 {
        self.0 as f64 / PARTS
    }
}

impl Candidate {
    /// The score as of a moment, within a circle of this radius if there is one:
    /// the relevance (of which texts reach about a half), 1 for the whole name and 0.3 for its beginning, 0.1 for the words as typed, 0.1
    /// for what is of use now, up to 0.05 for what is new or soon, and up to 0.15 for what is near.
    #[must_use]
    pub fn score(&self, at: OffsetDateTime, radius: Option<Distance>) -> Score {
        let name = match self.name {
            NameMatch::Whole => 1.0,
            NameMatch::Beginning => 0.3,
            NameMatch::Part => 0.0,
        };
        let literal = if self.is_literal { 0.1 } else { 0.0 };
        let live = if self.is_live { 0.1 } else { 0.0 };
        let score = self.relevance + name + literal + live + self.freshness(at) + self.nearness(radius);
        // A handful of parts below 2 each.
        #[allow(clippy::cast_possible_truncation)]
        Score((score * PARTS).round() as i64)
    }

    fn freshness(&self, at: OffsetDateTime) -> f64 {
        let counts = match self.kind {
            SearchType::Project => true,
            SearchType::Event => self.is_live,
            SearchType::Member | SearchType::Contractor | SearchType::Course => false,
        };
        let Some(moment) = self.happens_at.filter(|_| counts) else {
            return 0.0;
        };
        let days = (at - moment).abs().as_seconds_f64() / 86_400.0;
        0.05 * (-days / HALF_LIFE_DAYS).exp2()
    }

    fn nearness(&self, radius: Option<Distance>) -> f64 {
        match (self.distance, radius) {
            (Some(distance), Some(radius)) => 0.15 * (1.0 - distance.metres() / radius.metres().max(1.0)),
            _ => 0.0,
        }
    }
}

/// The candidates with their scores, best first; of equal ones by what they are, then by id.
#[must_use]
pub fn ranked(
    candidates: Vec<Candidate>,
    at: OffsetDateTime,
    radius: Option<Distance>,
) -> Vec<(Score, Candidate)> {
    let scored = candidates
        .into_iter()
        .map(|candidate| (candidate.score(at, radius), candidate));
    let mut ranked: Vec<_> = scored.collect();
    ranked.sort_by(|(score, one), (other_score, other)| {
        place(*score, one.kind, &one.id).cmp(&place(*other_score, other.kind, &other.id))
    });
    ranked
}

/// What the order of results goes by: the score, the best first, then what they are, then the id.
#[must_use]
pub fn place(score: Score, kind: SearchType, id: &str) -> (Reverse<Score>, &'static str, &str) {
    (Reverse(score), kind.as_str(), id)
}

/// The kinds of which `cap` or more were found, so that there may be more of them.
#[must_use]
pub fn capped_kinds(candidates: &[(Score, Candidate)], cap: usize) -> HashSet<SearchType> {
    let mut counts: HashMap<SearchType, usize> = HashMap::new();
    for (_, candidate) in candidates {
        *counts.entry(candidate.kind).or_default() += 1;
    }
    let capped = counts.into_iter().filter(|(_, count)| *count >= cap);
    capped.map(|(kind, _)| kind).collect()
}

/// What candidates divide up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    /// The kind of document.
    Type,
    /// Its state.
    Status,
    /// Its category.
    Category,
    /// Its city, in any case.
    City,
}

/// A value, and how many candidates have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    /// The value; of several spellings of a city one in mixed case.
    pub value: String,
    /// How many have it.
    pub count: usize,
    /// Whether there may be more: it is a value of a kind of which `cap` or more were found.
    pub is_capped: bool,
}

/// The commonest values of a facet, at most twenty.
#[must_use]
pub fn facet(facet: Facet, candidates: &[(Score, Candidate)], cap: usize) -> Vec<FacetValue> {
    let capped = capped_kinds(candidates, cap);
    let mut values: HashMap<String, FacetValue> = HashMap::new();
    for (_, candidate) in candidates {
        let Some(value) = value_of(facet, candidate) else {
            continue;
        };
        let counted = values.entry(value.to_lowercase()).or_insert_with(|| FacetValue {
            value: value.to_owned(),
            count: 0,
            is_capped: false,
        });
        counted.count += 1;
        counted.is_capped |= capped.contains(&candidate.kind);
        // Capitals stand before small letters.
        if value > counted.value.as_str() {
            value.clone_into(&mut counted.value);
        }
    }
    let mut values: Vec<_> = values.into_values().collect();
    values.sort_by(|one, other| {
        other
            .count
            .cmp(&one.count)
            .then_with(|| one.value.cmp(&other.value))
    });
    values.truncate(MOST_VALUES);
    values
}

fn value_of(facet: Facet, candidate: &Candidate) -> Option<&str> {
    match facet {
        Facet::Type => Some(candidate.kind.as_str()),
        Facet::Status => candidate.status.as_deref(),
        Facet::Category => candidate.category.as_deref(),
        Facet::City => candidate.city.as_deref(),
    }
}

#[cfg(test)]
#[path = "ranking_tests.rs"]
mod tests;
