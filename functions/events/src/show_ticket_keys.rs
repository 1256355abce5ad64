//! `GET /v1/events/ticket-keys`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use portal_http::Problem;
use portal_http::etag::EntityTag;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};

use crate::state::Events;
use crate::ticket_keys::TicketPublicKeys;

/// For how long a door may keep the keys without asking again.
const CACHE: &str = "public, max-age=300";

/// Shows the public keys that tickets are verified with, as a JSON Web Key Set, so that a door can read them without the network.
#[utoipa::path(
    get,
    path = "/v1/events/ticket-keys",
    operation_id = "show_ticket_keys",
    tag = "registrations",
    responses(
        (status = 200, description = "The keys: those of every ticket that is still good.", body = TicketPublicKeys,
         headers(("ETag" = String, description = "The entity tag of this document."))),
        (status = 406, description = "Only JSON."),
        (status = 503, description = "The keys cannot be fetched at the moment."),
    ),
)]
pub(crate) async fn show_ticket_keys(
    State(state): State<Events>,
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let keys = state.ticket_keys.get().await?.public();
    let body = serde_json::to_vec(&keys)
        .map_err(|error| Problem::internal(&format!("the keys of tickets cannot be written: {error}")))?;
    let media = MediaType::Json.content_type();
    let tag = EntityTag::of_contents(media, &body);
    let response = ([(CONTENT_TYPE, media), (CACHE_CONTROL, CACHE)], body).into_response();
    Ok(tag.answer(&headers, response))
}
