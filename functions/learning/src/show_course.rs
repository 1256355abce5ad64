//! `GET /v1/courses/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{courses, read};
use portal_domain::ids::CourseId;
use portal_domain::listing::CourseListing;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::manage;

/// Shows one course.
#[utoipa::path(
    get,
    path = "/v1/courses/{id}",
    operation_id = "show_course",
    tag = "courses",
    params(("id" = CourseId, Path, description = "The course's id.")),
    responses(
        (status = 200, description = "The course.", body = CourseListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_course(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let id: CourseId = path.read("id")?;
    let course = read!(portal.database(), &call.context, |tx| courses::lookup(tx, id)
        .await)?;
    let course = course.ok_or_else(manage::unseen)?;
    resource::respond(&headers, course.version, &course)
}
