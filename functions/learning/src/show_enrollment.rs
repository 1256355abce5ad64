//! `GET /v1/enrollments/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::read;
use portal_domain::course::EnrollmentDetails;
use portal_domain::ids::EnrollmentId;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::manage;

/// Shows one enrolment with how far it has come in each module, to its member and to those who run courses.
#[utoipa::path(
    get,
    path = "/v1/enrollments/{id}",
    operation_id = "show_enrollment",
    tag = "enrollments",
    params(("id" = EnrollmentId, Path, description = "The enrolment's id.")),
    responses(
        (status = 200, description = "The enrolment.", body = EnrollmentDetails,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_enrollment(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let id: EnrollmentId = path.read("id")?;
    let found = read!(portal.database(), &call.context, |tx| manage::enrollment(tx, id)
        .await)?;
    let found = found.ok_or_else(manage::unseen_enrollment)?;
    resource::respond(&headers, found.enrollment.version, &found)
}
