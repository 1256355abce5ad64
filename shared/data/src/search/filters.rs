//! What narrows a search.

use portal_domain::geo::{Distance, LatLng};
use portal_domain::money::Cents;
use portal_domain::search::{SavedQuery, SearchType};
use time::OffsetDateTime;

/// What is wanted beside the words. Values of one field are alternatives, fields narrow each other, and what is empty or absent
/// filters nothing. What has no such field is left out by a filter of it.
#[derive(Clone, Debug, Default)]
pub struct SearchFilters {
    /// What is looked for.
    pub types: Vec<SearchType>,
    /// States of projects and events, and of contractors' licences, in any case.
    pub statuses: Vec<String>,
    /// Categories of projects and courses, and types of events, in any case.
    pub categories: Vec<String>,
    /// Cities, in any case; of members who show their address.
    pub cities: Vec<String>,
    /// Deadlines of projects and beginnings of events from this moment on.
    pub from: Option<OffsetDateTime>,
    /// The same before this moment.
    pub to: Option<OffsetDateTime>,
    /// Projects whose owner pays at least so much at most.
    pub budget_min: Option<Cents>,
    /// Projects whose owner pays at most so much at least.
    pub budget_max: Option<Cents>,
    /// The circle that it lies in; of members, those who show their address.
    pub area: Option<(LatLng, Distance)>,
    /// Only what can be found since this moment: published, or added where nothing is published.
    pub since: Option<OffsetDateTime>,
}

impl From<SavedQuery> for SearchFilters {
    fn from(query: SavedQuery) -> Self {
        Self {
            types: query.types,
            statuses: query.status,
            categories: query.category,
            cities: query.city,
            from: query.date_from.map(|moment| moment.0),
            to: query.date_to.map(|moment| moment.0),
            budget_min: query.budget_min_cents,
            budget_max: query.budget_max_cents,
            area: query
                .near
                .zip(query.radius_miles)
                .map(|(near, miles)| (near, Distance::from_miles(miles))),
            since: None,
        }
    }
}

impl SearchFilters {
    /// The kinds of documents that can pass.
    pub(super) fn kinds(&self) -> Vec<SearchType> {
        let wanted = |kind: &SearchType| self.types.is_empty() || self.types.contains(kind);
        let kinds = SearchType::ALL.iter().copied().filter(wanted);
        kinds.filter(|kind| self.can_pass(*kind)).collect()
    }

    fn can_pass(&self, kind: SearchType) -> bool {
        use SearchType::{Contractor, Course, Event, Project};
        let asked = [
            (!self.statuses.is_empty(), &[Project, Event, Contractor][..]),
            (!self.categories.is_empty(), &[Project, Event, Course]),
            (
                !self.cities.is_empty(),
                &[Project, Event, Contractor, SearchType::Member],
            ),
            (self.from.or(self.to).is_some(), &[Project, Event]),
            (self.budget_min.or(self.budget_max).is_some(), &[Project]),
            (
                self.area.is_some(),
                &[Project, Event, Contractor, SearchType::Member],
            ),
        ];
        asked
            .iter()
            .all(|(is_asked, have)| !is_asked || have.contains(&kind))
    }

    /// Whether rows are left out for other reasons than their kind and place.
    pub(super) fn narrow(&self) -> bool {
        !self.statuses.is_empty()
            || !self.categories.is_empty()
            || !self.cities.is_empty()
            || self.from.or(self.to).or(self.since).is_some()
            || self.budget_min.or(self.budget_max).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SearchType::{Contractor, Course, Event, Member, Project};

    fn kinds(change: impl Fn(&mut SearchFilters)) -> Vec<SearchType> {
        let mut filters = SearchFilters::default();
        change(&mut filters);
        filters.kinds()
    }

    #[test]
    fn a_filter_leaves_out_what_has_no_such_field() {
        let somewhere = LatLng::new(37.8, -122.3).unwrap();
        assert_eq!(kinds(|_| {}), [Project, Member, Contractor, Event, Course]);
        assert_eq!(
            kinds(|filters| filters.statuses = vec!["CLEAR".into()]),
            [Project, Contractor, Event]
        );
        assert_eq!(
            kinds(|filters| filters.categories = vec!["SAFETY".into()]),
            [Project, Event, Course]
        );
        assert_eq!(
            kinds(|filters| filters.cities = vec!["Oakland".into()]),
            [Project, Member, Contractor, Event]
        );
        assert_eq!(
            kinds(|filters| filters.to = Some(OffsetDateTime::UNIX_EPOCH)),
            [Project, Event]
        );
        assert_eq!(
            kinds(|filters| filters.budget_max = Some("5".parse().unwrap())),
            [Project]
        );
        assert_eq!(
            kinds(|filters| filters.area = Some((somewhere, Distance::from_miles(1.0)))),
            [Project, Member, Contractor, Event]
        );
        assert_eq!(
            kinds(|filters| filters.types = vec![Course, Member]),
            [Member, Course]
        );
    }

    #[test]
    fn filters_that_no_kind_passes_leave_none() {
        let none = kinds(|filters| {
            filters.types = vec![Course];
            filters.cities = vec!["Oakland".into()];
        });
        assert_eq!(none, []);
    }
}
