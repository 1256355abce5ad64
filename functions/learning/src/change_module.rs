//! `PATCH /v1/courses/{id}/modules/{moduleId}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{DataError, courses, enrollments};
use portal_domain::course::ModuleDetails;
use portal_domain::ids::{CourseId, ModuleId};
use portal_domain::listing::ModuleListing;
use portal_http::answer::Answer;
use portal_http::fields::MergePatch;
use portal_http::{Call, PathParameters, Problem, etag};

use crate::manage;
use crate::module_body::ModuleBody;
use crate::state::Learning;

/// Changes a module. Who has done enough when it is no longer required completes the course at once.
#[utoipa::path(
    patch,
    path = "/v1/courses/{id}/modules/{moduleId}",
    operation_id = "change_module",
    tag = "courses",
    params(
        ("id" = CourseId, Path, description = "The course's id."),
        ("moduleId" = ModuleId, Path, description = "The module's id."),
    ),
    request_body(content(
        (ModuleDetails = "application/merge-patch+json", example = json!({"durationMinutes": 60})),
        (ModuleDetails = "application/json", example = json!({"durationMinutes": 60})),
    ), description = "A JSON Merge Patch: fields that are left out stay, null clears."),
    responses(
        (status = 200, description = "The module as it is now.", body = ModuleListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn change_module(
    State(state): State<Learning>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let course: CourseId = path.read("id")?;
    let id: ModuleId = path.read("moduleId")?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    manage::hold(&mut tx, course).await?;
    let module = courses::lock_module(&mut tx, course, id)
        .await?
        .ok_or(DataError::NotFound)?;
    etag::guard(&headers, module.version)?;
    let ModuleBody(details) = patch.over(&module.details)?;
    if details != module.details {
        courses::change_module(&mut tx, id, &details).await?;
    }
    if details.is_required != module.details.is_required {
        enrollments::settle_course(&mut tx, course, state.issuing()).await?;
    }
    let shown = courses::lookup_module(&mut tx, course, id)
        .await?
        .ok_or(DataError::NotFound)?;
    let answer = Answer::resource(shown.version, &shown)?;
    Ok(answer.respond(tx.commit().await?))
}
