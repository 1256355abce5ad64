//! `PATCH /v1/courses/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{courses, enrollments};
use portal_domain::course::CourseDetails;
use portal_domain::ids::CourseId;
use portal_domain::listing::CourseListing;
use portal_http::answer::Answer;
use portal_http::fields::MergePatch;
use portal_http::{Call, PathParameters, Problem, etag};

use crate::course_body::CourseBody;
use crate::manage;
use crate::state::Learning;

/// Changes a course, publishes it, or takes it from the catalogue.
///
/// A course that is taken from the catalogue stays with those who take it. What it costs who has taken it up stays. Who has done enough by
/// a lower `completionPercent` completes it at once.
#[utoipa::path(
    patch,
    path = "/v1/courses/{id}",
    operation_id = "change_course",
    tag = "courses",
    params(("id" = CourseId, Path, description = "The course's id.")),
    request_body(content(
        (CourseDetails = "application/merge-patch+json", example = json!({"isPublished": true})),
        (CourseDetails = "application/json", example = json!({"isPublished": true})),
    ), description = "A JSON Merge Patch: fields that are left out stay, null clears."),
    responses(
        (status = 200, description = "The course as it is now.", body = CourseListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "It has no modules, and is to be published."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn change_course(
    State(state): State<Learning>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let id: CourseId = path.read("id")?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    let course = manage::hold(&mut tx, id).await?;
    etag::guard(&headers, course.version)?;
    let CourseBody(details) = patch.over(&course.details)?;
    if details != course.details {
        courses::change(&mut tx, id, &details).await?;
    }
    if details.is_published && !course.details.is_published {
        manage::can_be_taken(&mut tx, id).await?;
    }
    if details.completion_percent < course.details.completion_percent {
        enrollments::settle_course(&mut tx, id, state.issuing()).await?;
    }
    let shown = manage::shown(&mut tx, id).await?;
    let answer = Answer::resource(shown.version, &shown)?;
    Ok(answer.respond(tx.commit().await?))
}
