//! `GET /v1/admin/message-reports/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::read;
use portal_data::staff::reports;
use portal_domain::ids::ReportId;
use portal_domain::staff::ReportDetails;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::permitted::permit;

/// What is said of a report that there is none of.
pub(crate) fn unseen() -> Problem {
    Problem::not_found("There is no report by this id.")
}

/// Shows a report with the message that it is about: who wrote it to whom, and how it begins.
#[utoipa::path(
    get,
    path = "/v1/admin/message-reports/{id}",
    operation_id = "show_message_report",
    tag = "admin",
    params(("id" = ReportId, Path, description = "The report's id.")),
    responses(
        (status = 200, description = "The report.", body = ReportDetails,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_message_report(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let id: ReportId = path.read("id")?;
    let found = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        reports::lookup(tx, id).await
    });
    let found = found?.ok_or_else(unseen)?;
    resource::respond(&headers, found.report.version, &found)
}
