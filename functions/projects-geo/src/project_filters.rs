//! The filters that every list of projects takes.

use portal_data::projects::ProjectFilters;
use portal_domain::contractor::Classification;
use portal_domain::listing::Moment;
use portal_domain::money::Cents;
use portal_domain::project::{ProjectCategory, ProjectStatus};
use portal_http::bounds::BoundsParameters;
use portal_http::query::{FilterText, FromQuery, QueryReader};
use utoipa::IntoParams;

/// What projects to show. A name that is repeated means any of its values; different names narrow each other.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct ProjectParameters {
    #[param(ignore)]
    bounds: BoundsParameters,
    /// Where the projects stand; `PUBLISHED` and `BIDDING_OPEN` without it.
    #[param(required = false)]
    status: Vec<ProjectStatus>,
    /// Kinds of work.
    #[param(required = false)]
    category: Vec<ProjectCategory>,
    /// Cities, in any case.
    #[param(value_type = Vec<FilterText>, required = false)]
    city: Vec<String>,
    /// States, such as `CA`, in any case.
    #[param(value_type = Vec<FilterText>, required = false)]
    state: Vec<String>,
    /// Skills that the work takes, as they are written there.
    #[param(value_type = Vec<FilterText>, required = false)]
    skills: Vec<String>,
    /// Licence classes that the work takes, such as `C-10`; other spellings (`c10`) are understood.
    #[param(required = false)]
    class: Vec<Classification>,
    /// The owner pays at least this many cents at most.
    #[param(value_type = u64, required = false, minimum = 0, maximum = 9007199254740991_i64)]
    budget_min_cents: Option<Cents>,
    /// The owner pays at most this many cents at least.
    #[param(value_type = u64, required = false, minimum = 0, maximum = 9007199254740991_i64)]
    budget_max_cents: Option<Cents>,
    /// The deadline is before this instant (RFC 3339).
    #[param(value_type = String, format = DateTime, required = false)]
    deadline_before: Option<Moment>,
    /// The deadline is after this instant (RFC 3339).
    #[param(value_type = String, format = DateTime, required = false)]
    deadline_after: Option<Moment>,
    /// Words of the title, description, skills, classes or city; `"…"`, `or` and `-` work as in a search engine.
    #[param(
        nullable = false,
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$"
    )]
    q: Option<String>,
}

impl FromQuery for ProjectParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let bounds = BoundsParameters::read(query);
        let parameters = Self {
            status: query.many("status"),
            category: query.many("category"),
            city: query.texts("city", 100),
            state: query.texts("state", 100),
            skills: query.texts("skills", 100),
            class: query.many("class"),
            budget_min_cents: query.one("budgetMinCents"),
            budget_max_cents: query.one("budgetMaxCents"),
            deadline_before: query.one("deadlineBefore"),
            deadline_after: query.one("deadlineAfter"),
            q: query.text("q", 200),
            bounds: bounds?,
        };
        Some(parameters)
    }
}

impl From<ProjectParameters> for ProjectFilters {
    fn from(parameters: ProjectParameters) -> Self {
        Self {
            statuses: wanted_statuses(parameters.status),
            categories: parameters.category,
            cities: parameters.city,
            states: parameters.state,
            skills: parameters.skills,
            classes: parameters.class.iter().map(ToString::to_string).collect(),
            budget_min: parameters.budget_min_cents,
            budget_max: parameters.budget_max_cents,
            deadline_before: parameters.deadline_before,
            deadline_after: parameters.deadline_after,
            search: parameters.q,
            area: None,
            bounds: parameters.bounds.bounds(),
        }
    }
}

/// The statuses that were asked for, or what can still be won. Each status is walked by itself: one that is named twice would
/// show its projects twice.
pub(crate) fn wanted_statuses(mut asked: Vec<ProjectStatus>) -> Vec<ProjectStatus> {
    if asked.is_empty() {
        return ProjectStatus::CURRENT.to_vec();
    }
    asked.sort_by_key(|status| status.as_str());
    asked.dedup();
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(text: &str) -> ProjectFilters {
        let mut query = QueryReader::parse(text).unwrap();
        let parameters = ProjectParameters::read(&mut query).unwrap();
        query.finish().unwrap();
        parameters.into()
    }

    #[test]
    fn a_list_shows_what_can_be_won_unless_it_is_asked_for_more() {
        assert_eq!(filters("").statuses, ProjectStatus::CURRENT);
        let asked = filters("status=DRAFT&status=AWARDED&status=DRAFT").statuses;
        assert_eq!(asked, [ProjectStatus::Awarded, ProjectStatus::Draft]);
    }
}
