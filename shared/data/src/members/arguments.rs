//! Filters as statements take them.

use portal_domain::member::SkillLevel;
use portal_domain::search::SearchWords;

use super::MemberFilters;
use crate::place::{as_geography, reach};

/// NULL where nothing is filtered, text in lower case where its case does not matter.
pub(super) struct Arguments {
    pub(super) search: Option<String>,
    pub(super) cities: Option<Vec<String>>,
    pub(super) states: Option<Vec<String>>,
    pub(super) skills: Option<Vec<String>>,
    pub(super) levels: Option<Vec<String>>,
    pub(super) member_types: Option<Vec<String>>,
    pub(super) languages: Option<Vec<String>>,
    pub(super) middle: Option<String>,
    pub(super) metres: Option<f64>,
}

impl Arguments {
    pub(super) fn of(filters: &MemberFilters) -> Self {
        // The lowest level is all of them: then the skill alone decides.
        let level = filters.least_level.filter(|level| *level != SkillLevel::Beginner);
        let words = |level: SkillLevel| level.and_above().iter().map(ToString::to_string).collect();
        let types: Vec<_> = filters.member_types.iter().map(ToString::to_string).collect();
        Self {
            search: filters
                .search
                .as_deref()
                .map(|text| SearchWords::parse(text).literal()),
            cities: lower(&filters.cities),
            states: lower(&filters.states),
            skills: lower(&filters.skills),
            levels: level.map(words),
            member_types: (!types.is_empty()).then_some(types),
            languages: lower(&filters.languages),
            middle: filters.area.map(|(middle, _)| as_geography(middle)),
            metres: filters.area.map(reach),
        }
    }
}

fn lower(values: &[String]) -> Option<Vec<String>> {
    (!values.is_empty()).then(|| values.iter().map(|value| value.trim().to_lowercase()).collect())
}
