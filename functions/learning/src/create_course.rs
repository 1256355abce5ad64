//! `POST /v1/courses`

use axum::extract::State;
use axum::response::Response;
use portal_data::{courses, permissions};
use portal_domain::course::CourseDetails;
use portal_domain::ids::CourseId;
use portal_domain::listing::CourseListing;
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, Portal, Problem};
use uuid::Uuid;

use crate::course_body::CourseBody;
use crate::manage;

/// Enters a course, which only its author and staff see. It is published by a change, once it has modules.
#[utoipa::path(
    post,
    path = "/v1/courses",
    operation_id = "create_course",
    tag = "courses",
    request_body(content = CourseDetails, example = json!({
        "title": "Estimating for public works", "difficulty": "BEGINNER", "category": "ESTIMATING", "durationMinutes": 240,
        "priceCents": 9900, "memberPriceCents": 4900, "completionPercent": 80, "certificateValidMonths": 24,
    })),
    responses(
        (status = 201, description = "The course.", body = CourseListing, headers(
            ("Location" = String, description = "Where the course is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "It is to be published, and has no modules yet, or a request with the same `Idempotency-Key` is still \
            running."),
    ),
)]
pub(crate) async fn create_course(
    State(portal): State<Portal>,
    call: Call,
    key: IdempotencyKey,
    Fields {
        value: CourseBody(details),
        digest,
    }: Fields<CourseBody>,
) -> Result<Response, Problem> {
    let author = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    permissions::require(&mut tx, manage::MANAGE).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let id = CourseId::from(Uuid::now_v7());
    courses::add(&mut tx, id, author, &details).await?;
    if details.is_published {
        manage::can_be_taken(&mut tx, id).await?;
    }
    let course = manage::shown(&mut tx, id).await?;
    let answer = Answer::created(&format!("/v1/courses/{id}"), course.version, &course)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "CourseDetails");
        assert_eq!(portal_http::fields::names::<CourseBody>(), documented);
    }
}
