//! The filters of the list of courses.

use portal_data::courses::CourseFilters;
use portal_domain::course::Difficulty;
use portal_http::query::{FilterText, FromQuery, QueryReader};
use utoipa::IntoParams;

/// What courses to show. A name that is repeated means any of its values; different names narrow each other.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct CourseParameters {
    /// Categories, in any case.
    #[param(value_type = Vec<FilterText>, required = false)]
    category: Vec<String>,
    /// What the courses ask of who takes them.
    #[param(required = false)]
    difficulty: Vec<Difficulty>,
    /// Whether the courses are in the catalogue; those that are without it. Others are shown to their authors, to staff, and to who takes
    /// them.
    #[param(nullable = false)]
    is_published: Option<bool>,
    /// Words of the title, the description or the category; `"…"`, `or` and `-` work as in a search engine.
    #[param(
        nullable = false,
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$"
    )]
    q: Option<String>,
}

impl FromQuery for CourseParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            category: query.texts("category", 100),
            difficulty: query.many("difficulty"),
            is_published: query.flag("isPublished"),
            q: query.text("q", 200),
        })
    }
}

impl From<CourseParameters> for CourseFilters {
    fn from(parameters: CourseParameters) -> Self {
        Self {
            categories: parameters.category,
            difficulties: parameters.difficulty,
            is_published: Some(parameters.is_published.unwrap_or(true)),
            search: parameters.q,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_shows_the_catalogue_unless_it_is_asked_for_more() {
        let filters = |text: &str| {
            let mut query = QueryReader::parse(text).unwrap();
            let parameters = CourseParameters::read(&mut query).unwrap();
            query.finish().unwrap();
            CourseFilters::from(parameters)
        };
        assert_eq!(filters("").is_published, Some(true));
        assert_eq!(filters("isPublished=false").is_published, Some(false));
        assert_eq!(
            filters("difficulty=EXPERT&difficulty=BEGINNER").difficulties,
            [Difficulty::Beginner, Difficulty::Expert]
        );
    }
}
