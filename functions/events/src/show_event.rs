//! `GET /v1/events/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{events, read};
use portal_domain::ids::EventId;
use portal_domain::listing::EventListing;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::manage;

/// Shows one event, where it stands at this moment.
#[utoipa::path(
    get,
    path = "/v1/events/{id}",
    operation_id = "show_event",
    tag = "events",
    params(("id" = EventId, Path, description = "The event's id.")),
    responses(
        (status = 200, description = "The event.", body = EventListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_event(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let id: EventId = path.read("id")?;
    let event = read!(portal.database(), &call.context, |tx| events::lookup(tx, id)
        .await)?;
    let event = event.ok_or_else(manage::unseen)?;
    resource::respond(&headers, event.version, &event)
}
