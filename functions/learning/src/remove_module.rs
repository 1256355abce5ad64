//! `DELETE /v1/courses/{id}/modules/{moduleId}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{DataError, courses, enrollments};
use portal_domain::ids::{CourseId, ModuleId};
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Problem, etag};

use crate::manage;
use crate::state::Learning;

/// Takes a module away, with the progress in it. Who has done enough without it completes the course at once.
#[utoipa::path(
    delete,
    path = "/v1/courses/{id}/modules/{moduleId}",
    operation_id = "remove_module",
    tag = "courses",
    params(
        ("id" = CourseId, Path, description = "The course's id."),
        ("moduleId" = ModuleId, Path, description = "The module's id."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "It is the last module of a course in the catalogue."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn remove_module(
    State(state): State<Learning>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    let course: CourseId = path.read("id")?;
    let id: ModuleId = path.read("moduleId")?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    let held = manage::hold(&mut tx, course).await?;
    let module = courses::lock_module(&mut tx, course, id)
        .await?
        .ok_or(DataError::NotFound)?;
    etag::guard(&headers, module.version)?;
    courses::remove_module(&mut tx, course, id, module.position).await?;
    if held.details.is_published {
        manage::can_be_taken(&mut tx, course).await?;
    }
    enrollments::settle_course(&mut tx, course, state.issuing()).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
