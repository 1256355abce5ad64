//! `GET /v1/membership/people`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{memberships, read};
use portal_domain::listing::CoveredPerson;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Portal, Problem, resource};
use serde::Serialize;
use utoipa::ToSchema;

/// Whom a membership covers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct People {
    /// The people, the first first; as many as the tier has seats for besides the holder.
    pub(crate) items: Vec<CoveredPerson>,
}

/// Lists whom the caller's membership covers besides the caller, and who is invited.
#[utoipa::path(
    get,
    path = "/v1/membership/people",
    operation_id = "list_membership_people",
    tag = "membership",
    responses(
        (status = 200, description = "The people.", body = People,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn list_membership_people(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let me = call.member()?;
    let items = read!(portal.database(), &call.context, |tx| memberships::list_people(
        tx, me
    )
    .await)?;
    resource::respond(&headers, 0, &People { items })
}
