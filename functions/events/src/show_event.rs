//! `GET /v1/events/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{events, read, registrations};
use portal_domain::Caller;
use portal_domain::event::Registration;
use portal_domain::ids::EventId;
use portal_domain::listing::EventListing;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};
use serde::Serialize;
use utoipa::ToSchema;

use crate::manage;

/// An event, and how the caller stands to it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventView {
    #[serde(flatten)]
    event: EventListing,
    /// The caller's own registration; null for who has none, and for who has not signed in.
    #[schema(required)]
    registration: Option<Registration>,
}

/// Shows one event, where it stands at this moment, with the caller's own registration.
#[utoipa::path(
    get,
    path = "/v1/events/{id}",
    operation_id = "show_event",
    tag = "events",
    params(("id" = EventId, Path, description = "The event's id.")),
    responses(
        (status = 200, description = "The event.", body = EventView,
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
    let caller = call.context.caller;
    let shown = read!(portal.database(), &call.context, |tx| {
        let Some(event) = events::lookup(tx, id).await? else {
            return Ok(None);
        };
        let registration = match caller {
            Caller::Member { user_id, .. } => registrations::lookup_own(tx, id, user_id).await?,
            Caller::Anonymous => None,
        };
        Ok(Some(EventView { event, registration }))
    });
    let shown = shown?.ok_or_else(manage::unseen)?;
    resource::respond(&headers, shown.event.version, &shown)
}
