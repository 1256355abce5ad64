//! The words and the filters of a search.

use portal_data::search::SearchFilters;
use portal_domain::listing::Moment;
use portal_domain::money::Cents;
use portal_domain::search::{SavedQuery, SearchType};
use portal_http::area::AreaParameters;
use portal_http::query::{FilterText, FromQuery, QueryReader};
use utoipa::IntoParams;

/// The longest text that is searched for.
pub(crate) const LONGEST: usize = 200;

/// What to search for. A name that is repeated means any of its values; different names narrow each other, and what has no such field
/// is left out.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct SearchParameters {
    #[param(ignore)]
    area: AreaParameters,
    /// Words, names, licence numbers and classes, in any case, with or without accents and punctuation; `"…"`, `or` and `-` work as
    /// in a search engine.
    #[param(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$",
        example = "electrician oakland"
    )]
    pub(crate) q: String,
    /// What to search; everything without it. Members are found by those who have signed in.
    #[param(required = false)]
    types: Vec<SearchType>,
    /// States of projects, events and contractors' licences, in any case.
    #[param(value_type = Vec<FilterText>, required = false)]
    status: Vec<String>,
    /// Categories of projects and courses, and types of events, in any case.
    #[param(value_type = Vec<FilterText>, required = false)]
    category: Vec<String>,
    /// Cities, in any case; of members, those who show their address.
    #[param(value_type = Vec<FilterText>, required = false)]
    city: Vec<String>,
    /// Deadlines of projects and beginnings of events from this instant on (RFC 3339).
    #[param(value_type = String, format = DateTime, required = false)]
    date_from: Option<Moment>,
    /// The same before this instant (RFC 3339).
    #[param(value_type = String, format = DateTime, required = false)]
    date_to: Option<Moment>,
    /// Projects whose owner pays at least this many cents at most.
    #[param(value_type = u64, required = false, minimum = 0, maximum = 9007199254740991_i64)]
    budget_min_cents: Option<Cents>,
    /// Projects whose owner pays at most this many cents at least.
    #[param(value_type = u64, required = false, minimum = 0, maximum = 9007199254740991_i64)]
    budget_max_cents: Option<Cents>,
}

impl FromQuery for SearchParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let area = AreaParameters::read(query);
        if !query.has("q") {
            query.fault("q", "is required");
        }
        let q = query.text("q", LONGEST);
        let parameters = Self {
            types: query.many("types"),
            status: query.texts("status", 100),
            category: query.texts("category", 100),
            city: query.texts("city", 100),
            date_from: query.one("dateFrom"),
            date_to: query.one("dateTo"),
            budget_min_cents: query.one("budgetMinCents"),
            budget_max_cents: query.one("budgetMaxCents"),
            q: q?,
            area: area?,
        };
        Some(parameters)
    }
}

impl SearchParameters {
    /// The same as it is kept.
    pub(crate) fn saved(self) -> SavedQuery {
        let circle = self.area.circle();
        SavedQuery {
            q: self.q,
            types: self.types,
            status: self.status,
            category: self.category,
            city: self.city,
            date_from: self.date_from,
            date_to: self.date_to,
            budget_min_cents: self.budget_min_cents,
            budget_max_cents: self.budget_max_cents,
            near: circle.map(|(near, _)| near),
            // As it was typed: a length is kept in metres, and comes back as 24.999999999999996 miles.
            radius_miles: circle.map(|(_, radius)| (radius.miles() * 1e6).round() / 1e6),
        }
    }

    /// The filters.
    pub(crate) fn filters(self) -> SearchFilters {
        // The circle as it was asked for: the one that is kept is rounded.
        let area = self.area.circle();
        SearchFilters {
            area,
            ..SearchFilters::from(self.saved())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SearchParameters, Vec<String>> {
        let mut query = QueryReader::parse(text).unwrap();
        let parameters = SearchParameters::read(&mut query);
        let faults = |problem: portal_http::Problem| {
            let faults = problem.faults().iter();
            faults.map(|fault| fault.pointer.clone()).collect()
        };
        query.finish().map_err(faults).map(|()| parameters.unwrap())
    }

    #[test]
    fn every_fault_is_named() {
        let faults =
            read("types=PERSON&dateFrom=today&budgetMinCents=-1&radiusMiles=3&sort=best").unwrap_err();
        for pointer in ["q", "types", "dateFrom", "budgetMinCents", "radiusMiles", "sort"] {
            assert!(
                faults.contains(&format!("/query/{pointer}")),
                "{pointer} of {faults:?}"
            );
        }
        let long = "x".repeat(LONGEST + 1);
        for q in ["q=", "q=%20", "q=a%00b", "q=a&q=b", &format!("q={long}")] {
            assert_eq!(read(q).unwrap_err(), ["/query/q"], "{q}");
        }
    }

    #[test]
    fn what_is_kept_filters_the_same() {
        let text = "q=roof&types=PROJECT&types=EVENT&status=open&category=a&city=Oakland&near=37,-122&radiusMiles=500\
            &dateFrom=2026-08-24T17:00:00%2B02:00&dateTo=2200-01-01T00:00:00Z&budgetMinCents=1&budgetMaxCents=9007199254740991";
        let kept = read(text).unwrap().saved();
        assert_eq!(kept.radius_miles, Some(500.0));
        let again = read(&kept.query_string()).unwrap();
        assert_eq!(again.saved(), kept);
        let filters = SearchFilters::from(kept);
        assert_eq!(
            format!("{filters:?}"),
            format!("{:?}", read(text).unwrap().filters())
        );
        let unfiltered = read("q=roof&near=1,2").unwrap();
        assert_eq!(unfiltered.saved().radius_miles, Some(25.0));
    }

    #[test]
    fn filters_are_taken_as_they_are() {
        let parameters =
            read("q=roof&types=PROJECT&types=EVENT&city=Oakland&near=37,-122&dateTo=2026-08-24T17:00:00Z")
                .unwrap();
        assert_eq!(parameters.q, "roof");
        let filters = parameters.filters();
        assert_eq!(filters.types, [SearchType::Event, SearchType::Project]);
        assert_eq!(filters.cities, ["Oakland"]);
        assert!(filters.area.is_some() && filters.to.is_some() && filters.from.is_none());
    }
}
