//! The filters of the list of events.

use portal_data::events::EventFilters;
use portal_domain::event::{EventStatus, EventType};
use portal_domain::listing::Moment;
use portal_http::area::AreaParameters;
use portal_http::query::{FilterText, FromQuery, QueryReader};
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
    /// Where the events stand; what is announced and not over without it.
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
            area: area?,
        };
        Some(parameters)
    }
}

impl From<EventParameters> for EventFilters {
    fn from(parameters: EventParameters) -> Self {
        let statuses = if parameters.status.is_empty() {
            EventStatus::CURRENT.to_vec()
        } else {
            parameters.status
        };
        Self {
            kinds: parameters.kind,
            statuses,
            cities: parameters.city,
            from: parameters.from,
            to: parameters.to,
            search: parameters.q,
            area: parameters.area.circle(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(text: &str) -> EventFilters {
        let mut query = QueryReader::parse(text).unwrap();
        let parameters = EventParameters::read(&mut query).unwrap();
        query.finish().unwrap();
        parameters.into()
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
