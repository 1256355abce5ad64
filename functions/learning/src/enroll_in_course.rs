//! `POST /v1/courses/{id}/enrollment`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::{DataError, courses, enrollments};
use portal_domain::course::EnrollmentDetails;
use portal_domain::ids::CourseId;
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, PathParameters, Problem, turns};
use sha2::{Digest as _, Sha256};

use crate::manage;
use crate::state::Learning;

/// Takes a course up.
///
/// One that is free of charge is open at once. One that costs something is held until `holdExpiresAt` for its payment, at the price of this
/// moment, and opens with it. Who has given the course up before goes on where they were; who has completed it takes it again from 60 days
/// before the certificate runs out.
#[utoipa::path(
    post,
    path = "/v1/courses/{id}/enrollment",
    operation_id = "enroll_in_course",
    tag = "enrollments",
    params(("id" = CourseId, Path, description = "The course's id.")),
    responses(
        (status = 201, description = "The enrolment.", body = EnrollmentDetails, headers(
            ("Location" = String, description = "Where the enrolment is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "The course is not in the catalogue, or the caller takes or has completed it."),
    ),
)]
pub(crate) async fn enroll_in_course(
    State(state): State<Learning>,
    call: Call,
    path: PathParameters,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    let id: CourseId = path.read("id")?;
    let member = call.member()?;
    // A repeated request has no body, and is known by the course.
    let digest = Sha256::digest(id.as_uuid().as_bytes()).into();
    let mut tx = state.portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let rates = turns::take(&mut tx, Turn::Course).await?;
    courses::hold(&mut tx, id, false).await?;
    let course = manage::shown(&mut tx, id).await?;
    let before = enrollments::lock_latest(&mut tx, id, member).await?;
    let terms = (&state.terms, state.now());
    let taken = enrollments::take_up(&mut tx, &course, member, before.as_ref(), terms).await?;
    let shown = manage::enrollment(&mut tx, taken)
        .await?
        .ok_or(DataError::NotFound)?;
    let location = format!("/v1/enrollments/{taken}");
    let answer = Answer::created(&location, shown.enrollment.version, &shown)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok((rates, answer.respond(tx.commit().await?)).into_response())
}
