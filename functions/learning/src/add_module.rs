//! `POST /v1/courses/{id}/modules`

use axum::extract::State;
use axum::response::Response;
use portal_data::{DataError, courses, enrollments};
use portal_domain::course::ModuleDetails;
use portal_domain::ids::{CourseId, ModuleId};
use portal_domain::listing::ModuleListing;
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, PathParameters, Problem};
use uuid::Uuid;

use crate::manage;
use crate::module_body::ModuleBody;
use crate::state::Learning;

/// Adds a module at the end of a course. Who has completed the course keeps the certificate.
#[utoipa::path(
    post,
    path = "/v1/courses/{id}/modules",
    operation_id = "add_module",
    tag = "courses",
    params(("id" = CourseId, Path, description = "The course's id.")),
    request_body(content = ModuleDetails, example = json!({
        "title": "Reading the drawings", "content": "Begin with the title block.", "durationMinutes": 45,
    })),
    responses(
        (status = 201, description = "The module.", body = ModuleListing, headers(
            ("Location" = String, description = "Where the module is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "The course has as many as there may be, or a request with the same `Idempotency-Key` is still \
            running."),
    ),
)]
pub(crate) async fn add_module(
    State(state): State<Learning>,
    call: Call,
    path: PathParameters,
    key: IdempotencyKey,
    Fields {
        value: ModuleBody(details),
        digest,
    }: Fields<ModuleBody>,
) -> Result<Response, Problem> {
    let course: CourseId = path.read("id")?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    manage::hold(&mut tx, course).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let id = ModuleId::from(Uuid::now_v7());
    courses::add_module(&mut tx, course, id, &details).await?;
    enrollments::settle_course(&mut tx, course, state.issuing()).await?;
    let module = courses::lookup_module(&mut tx, course, id)
        .await?
        .ok_or(DataError::NotFound)?;
    let location = format!("/v1/courses/{course}/modules/{id}");
    let answer = Answer::created(&location, module.version, &module)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "ModuleDetails");
        assert_eq!(portal_http::fields::names::<ModuleBody>(), documented);
    }
}
