//! `GET /v1/events`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::events::{self, EventPosition, ListedEvent};
use portal_data::read;
use portal_domain::calendar;
use portal_http::area::AreaParameters;
use portal_http::geojson::FeatureCollection;
use portal_http::negotiate::MediaType;
use portal_http::page::{List, ListQuery, PageParameters, calendar_media};
use portal_http::{Call, Problem};

use crate::event_filters::EventParameters;
use crate::event_item::EventItem;
use crate::state::Events;

/// Lists events, the next first.
///
/// Shows what is announced and not over unless `status` says otherwise. With `near` only those in the circle are shown, each with its
/// distance; the order stays that of time. With `mine` only those that the caller organizes are shown, drafts among them.
#[utoipa::path(
    get,
    path = "/v1/events",
    operation_id = "list_events",
    tag = "events",
    params(AreaParameters, EventParameters, PageParameters),
    responses(
        (status = 200, description = "A page of events.", content(
            (List<EventItem> = "application/json"),
            (FeatureCollection<EventItem> = "application/geo+json"),
            (String = "text/calendar"),
        ), headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last."))),
    ),
)]
pub(crate) async fn list_events(
    State(state): State<Events>,
    call: Call,
    headers: HeaderMap,
    ListQuery { filters, page }: ListQuery<EventParameters>,
) -> Result<Response, Problem> {
    let media = calendar_media(&headers)?;
    let portal = &state.portal;
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<EventPosition> = page.position(&keys)?;
    let filters = filters.of(&call)?;
    let read = read!(portal.database(), &call.context, |tx| {
        let rows = events::list(tx, &filters, after, page.rows()).await?;
        Ok((rows, events::total(tx, &filters, page.counting()).await?))
    });
    let (rows, total) = read?;
    let page = page
        .page(&keys, rows, ListedEvent::position)?
        .with_total(total)
        .map(EventItem::from);
    if media == MediaType::Calendar {
        return Ok(page.respond_written(media, |items| {
            let events: Vec<_> = items.into_iter().map(|item| item.event.into()).collect();
            calendar::write(&events, None, &state.web_url)
        }));
    }
    Ok(page.respond(media))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_events");
        assert_eq!(ListQuery::<EventParameters>::names(), documented);
    }
}
