//! `GET /v1/admin/findings/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::read;
use portal_data::staff::findings;
use portal_domain::ids::FindingId;
use portal_domain::staff::FindingListing;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::permitted::permit;

/// What is said of a finding that there is none of.
pub(crate) fn unseen() -> Problem {
    Problem::not_found("There is no finding by this id.")
}

/// Shows a finding.
#[utoipa::path(
    get,
    path = "/v1/admin/findings/{id}",
    operation_id = "show_finding",
    tag = "admin",
    params(("id" = FindingId, Path, description = "The finding's id.")),
    responses(
        (status = 200, description = "The finding.", body = FindingListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_finding(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let id: FindingId = path.read("id")?;
    let found = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        findings::lookup(tx, id).await
    });
    let found = found?.ok_or_else(unseen)?;
    resource::respond(&headers, found.version, &found)
}
