//! `GET /v1/contractors/{licenseNo}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{contractors, read};
use portal_domain::contractor::LicenceNumber;
use portal_domain::listing::ContractorDetails;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

/// Shows one licensed contractor.
#[utoipa::path(
    get,
    path = "/v1/contractors/{licenseNo}",
    operation_id = "show_contractor",
    tag = "contractors",
    params(("licenseNo" = LicenceNumber, Path, description = "The number of the licence.")),
    responses(
        (status = 200, description = "The contractor.", body = ContractorDetails,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_contractor(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let number: LicenceNumber = path.read("licenseNo")?;
    let found = read!(portal.database(), &call.context, |tx| contractors::lookup(
        tx, &number
    )
    .await)?;
    let found = found.ok_or_else(|| Problem::not_found("There is no licence with this number."))?;
    resource::respond(&headers, found.version, &found.contractor)
}
