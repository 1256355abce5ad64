//! The filters of the list of events.

use portal_data::events::EventFilters;
use portal_domain::Caller;
use portal_domain::event::{EventStatus, EventType};
use portal_domain::ids::UserId;
use portal_domain::listing::Moment;
use portal_http::area::AreaParameters;
use portal_http::query::{FilterText, FromQuery, QueryReader};
use portal_http::{Call, Problem, ProblemKind};
use utoipa::IntoParams;

/// What events to show. A name that is repeated means any of its values; different names narrow each other.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventParameters {
    #[param(ignore)]
    area: AreaParameters,
    /// Kinds of events.
    #[param(rename = "type", required = false)]
    kind: Vec<EventType>,
    /// Where the events stand; what is announced and not over without it, and with `mine` drafts too.
    #[param(required = false)]
    status: Vec<EventStatus>,
    /// Cities, in any case.
    #[param(value_type = Vec<FilterText>, required = false)]
    city: Vec<String>,
    /// The events begin at this instant (RFC 3339) or later.
    #[param(value_type = String, format = DateTime, required = false)]
    from: Option<Moment>,
    /// The events begin before this instant (RFC 3339).
    #[param(value_type = String, format = DateTime, required = false)]
    to: Option<Moment>,
    /// Words of the title, the description, the kind, the place or the city; `"…"`, `or` and `-` work as in a search engine.
    #[param(
        nullable = false,
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$"
    )]
    q: Option<String>,
    /// Only events that the caller, who has signed in, organizes.
    #[param(required = false, nullable = false)]
    mine: Option<bool>,
}

impl FromQuery for EventParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let area = AreaParameters::read(query);
        let parameters = Self {
            kind: query.many("type"),
            status: query.many("status"),
            city: query.texts("city", 100),
            from: query.one("from"),
            to: query.one("to"),
            q: query.text("q", 200),
            mine: query.flag("mine"),
            area: area?,
        };
        Some(parameters)
    }
}

impl EventParameters {
    /// The filters, as the caller means them.
    ///
    /// # Errors
    /// A 401 problem where the events of somebody are asked for who has not signed in.
    pub(crate) fn of(self, call: &Call) -> Result<EventFilters, Problem> {
        let organizer = match (self.mine, call.context.caller) {
            (Some(true), Caller::Member { user_id, .. }) => Some(user_id),
            (Some(true), Caller::Anonymous) => {
                return Err(Problem::new(
                    ProblemKind::Unauthenticated,
                    "Sign in to see the events that you organize.",
                ));
            }
            _ => None,
        };
        Ok(self.by(organizer))
    }

    fn by(self, organizer: Option<UserId>) -> EventFilters {
        let usual = || {
            let drafts = organizer.map(|_| EventStatus::Draft);
            drafts.into_iter().chain(EventStatus::CURRENT).collect()
        };
        EventFilters {
            statuses: if self.status.is_empty() {
                usual()
            } else {
                self.status
            },
            kinds: self.kind,
            cities: self.city,
            from: self.from,
            to: self.to,
            search: self.q,
            area: self.area.circle(),
            organizer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(text: &str) -> EventParameters {
        let mut query = QueryReader::parse(text).unwrap();
        let parameters = EventParameters::read(&mut query).unwrap();
        query.finish().unwrap();
        parameters
    }

    fn filters(text: &str) -> EventFilters {
        parameters(text).by(None)
    }

    #[test]
    fn an_organizer_sees_the_own_drafts_among_what_is_not_over() {
        let me = UserId::from(uuid::Uuid::from_u128(7));
        let mine = parameters("mine=true").by(Some(me));
        assert_eq!(mine.organizer, Some(me));
        assert_eq!(mine.statuses.len(), EventStatus::CURRENT.len() + 1);
        assert!(mine.statuses.contains(&EventStatus::Draft));
        assert_eq!(
            parameters("mine=true&status=CANCELLED").by(Some(me)).statuses,
            [EventStatus::Cancelled]
        );
    }

    #[test]
    fn a_list_shows_what_is_not_over_unless_it_is_asked_for_more() {
        assert_eq!(filters("").statuses, EventStatus::CURRENT);
        assert_eq!(filters("status=COMPLETED").statuses, [EventStatus::Completed]);
        assert_eq!(
            filters("type=AWARDS&type=MEETING").kinds,
            [EventType::Awards, EventType::Meeting]
        );
    }
}
