//! `GET /v1/registrations/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{read, registrations};
use portal_domain::event::Registration;
use portal_domain::ids::RegistrationId;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

/// Shows one registration, to its member and to those who run the event.
#[utoipa::path(
    get,
    path = "/v1/registrations/{id}",
    operation_id = "show_registration",
    tag = "registrations",
    params(("id" = RegistrationId, Path, description = "The registration's id.")),
    responses(
        (status = 200, description = "The registration.", body = Registration,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_registration(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let id: RegistrationId = path.read("id")?;
    let found = read!(portal.database(), &call.context, |tx| registrations::lookup(
        tx, id
    )
    .await)?;
    let found = found.ok_or_else(unseen)?;
    resource::respond(&headers, found.version, &found)
}

/// What is said of a registration that the caller cannot see, whether or not there is one.
pub(crate) fn unseen() -> Problem {
    Problem::not_found("There is no registration by this id that you may see.")
}
