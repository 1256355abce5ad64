//! `GET /v1/events/{id}/registrations`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::registrations::RegistrationFilters;
use portal_data::{events, read};
use portal_domain::event::Registration;
use portal_domain::ids::EventId;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::manage;
use crate::registration_list::{self, RegistrationParameters};

/// Lists the registrations for an event, the latest first.
///
/// Its organizer and staff see all of them, a member the own one alone. As CSV the whole list comes at once, up to 5 MB, unless `limit`
/// is sent; `Link` leads to the rest.
#[utoipa::path(
    get,
    path = "/v1/events/{id}/registrations",
    operation_id = "list_event_registrations",
    tag = "registrations",
    params(("id" = EventId, Path, description = "The event's id."), RegistrationParameters, PageParameters),
    responses((status = 200, description = "A page of registrations.", content(
            (List<Registration> = "application/json"),
            (String = "text/csv"),
        ), headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_event_registrations(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    ListQuery { filters, page }: ListQuery<RegistrationParameters>,
) -> Result<Response, Problem> {
    let media = negotiate(&headers, &[MediaType::Json, MediaType::Csv])?;
    let id: EventId = path.read("id")?;
    let event = read!(portal.database(), &call.context, |tx| events::lookup(tx, id)
        .await)?;
    event.ok_or_else(manage::unseen)?;
    let of_event = RegistrationFilters {
        event: Some(id),
        statuses: filters.status,
        member: None,
    };
    match media {
        MediaType::Csv => registration_list::table(&portal, &call, &page, &of_event).await,
        _ => registration_list::page(&portal, &call, &page, &of_event).await,
    }
}
