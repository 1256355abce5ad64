//! `GET /v1/courses/{id}/modules/{moduleId}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{courses, read};
use portal_domain::ids::{CourseId, ModuleId};
use portal_domain::listing::ModuleListing;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::manage;

/// Shows one module of a course.
///
/// What it teaches (`content`) is told to who takes the course and has paid, to its author, and to staff; to others it is null.
#[utoipa::path(
    get,
    path = "/v1/courses/{id}/modules/{moduleId}",
    operation_id = "show_module",
    tag = "courses",
    params(
        ("id" = CourseId, Path, description = "The course's id."),
        ("moduleId" = ModuleId, Path, description = "The module's id."),
    ),
    responses(
        (status = 200, description = "The module.", body = ModuleListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_module(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let course: CourseId = path.read("id")?;
    let id: ModuleId = path.read("moduleId")?;
    let module = read!(portal.database(), &call.context, |tx| {
        courses::lookup_module(tx, course, id).await
    })?;
    let module = module.ok_or_else(manage::unseen_module)?;
    resource::respond(&headers, module.version, &module)
}
