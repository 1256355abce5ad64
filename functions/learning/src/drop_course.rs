//! `DELETE /v1/courses/{id}/enrollment`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use portal_data::{courses, enrollments};
use portal_domain::ids::CourseId;
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem, etag, turns};

/// Gives a course up. How far the caller has come is kept, for taking it up again.
#[utoipa::path(
    delete,
    path = "/v1/courses/{id}/enrollment",
    operation_id = "drop_course",
    tag = "enrollments",
    params(("id" = CourseId, Path, description = "The course's id.")),
    responses(
        (status = 204, description = "It is given up."),
        (status = 409, description = "It was completed, or given up before."),
        (status = 412, description = "The enrolment has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn drop_course(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: CourseId = path.read("id")?;
    let member = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    let rates = turns::take(&mut tx, Turn::Course).await?;
    courses::hold(&mut tx, id, false).await?;
    let own = enrollments::lock_latest(&mut tx, id, member).await?;
    let own = own.ok_or_else(|| Problem::not_found("You do not take this course."))?;
    etag::guard(&headers, own.version)?;
    enrollments::drop_out(&mut tx, &own).await?;
    let done = Answer::nothing().respond(tx.commit().await?);
    Ok((rates, done).into_response())
}
