//! The filters of a list of projects on their way into SQL.

use portal_domain::money::Cents;
use portal_domain::search::SearchWords;
use time::OffsetDateTime;

use super::ProjectFilters;
use crate::place::BoxArguments;

/// The filters as statements take them: NULL where nothing is filtered, text in lower case where its case does not matter.
pub(super) struct Arguments {
    pub(super) statuses: Option<Vec<String>>,
    pub(super) categories: Option<Vec<String>>,
    pub(super) cities: Option<Vec<String>>,
    pub(super) states: Option<Vec<String>>,
    pub(super) skills: Option<Vec<String>>,
    pub(super) classes: Option<Vec<String>>,
    pub(super) budget_min: Option<i64>,
    pub(super) budget_max: Option<i64>,
    pub(super) deadline_before: Option<OffsetDateTime>,
    pub(super) deadline_after: Option<OffsetDateTime>,
    pub(super) search: Option<String>,
    pub(super) bounds: BoxArguments,
}

impl Arguments {
    pub(super) fn of(filters: &ProjectFilters) -> Self {
        Self {
            statuses: texts(filters.statuses.iter().map(ToString::to_string)),
            categories: texts(filters.categories.iter().map(ToString::to_string)),
            cities: texts(filters.cities.iter().map(|city| city.trim().to_lowercase())),
            states: texts(filters.states.iter().map(|state| state.trim().to_lowercase())),
            skills: texts(filters.skills.iter().cloned()),
            classes: texts(filters.classes.iter().cloned()),
            budget_min: filters.budget_min.map(Cents::get),
            budget_max: filters.budget_max.map(Cents::get),
            deadline_before: filters.deadline_before.map(|moment| moment.0),
            deadline_after: filters.deadline_after.map(|moment| moment.0),
            search: filters
                .search
                .as_deref()
                .map(|text| SearchWords::parse(text).literal()),
            bounds: BoxArguments::of(filters.bounds),
        }
    }
}

/// The values, or NULL when there are none.
fn texts(values: impl Iterator<Item = String>) -> Option<Vec<String>> {
    let values: Vec<_> = values.collect();
    (!values.is_empty()).then_some(values)
}
