//! `PUT /v1/enrollments/{id}/modules/{moduleId}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{DataError, courses, enrollments};
use portal_domain::course::EnrollmentDetails;
use portal_domain::ids::{EnrollmentId, ModuleId};
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, PathParameters, Problem, etag};
use serde::Serialize;
use utoipa::ToSchema;

use crate::manage;
use crate::state::Learning;

/// How far the member has come.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProgressBody {
    /// In hundredths; 100 when the module is done.
    #[schema(minimum = 0, maximum = 100)]
    percent: i32,
}

impl FromFields for ProgressBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let percent = fields.required("percent")?;
        if !(0..=100).contains(&percent) {
            fields.fault("percent", "must be from 0 to 100");
        }
        Some(Self { percent })
    }
}

/// Notes how far the caller has come in a module.
///
/// It only moves forward: less than was noted before changes nothing, and the answer shows what stands. When enough of the required modules
/// are done, the course is completed, and there is a certificate.
#[utoipa::path(
    put,
    path = "/v1/enrollments/{id}/modules/{moduleId}",
    operation_id = "record_progress",
    tag = "enrollments",
    params(
        ("id" = EnrollmentId, Path, description = "The enrolment's id."),
        ("moduleId" = ModuleId, Path, description = "The module's id."),
    ),
    request_body(content = ProgressBody),
    responses(
        (status = 200, description = "The enrolment as it is now.", body = EnrollmentDetails,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 403, description = "It is another member's enrolment."),
        (status = 409, description = "It is not paid yet, or given up."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn record_progress(
    State(state): State<Learning>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    Fields { value: body, .. }: Fields<ProgressBody>,
) -> Result<Response, Problem> {
    let id: EnrollmentId = path.read("id")?;
    let module: ModuleId = path.read("moduleId")?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    let (course, member) = enrollments::course_of(&mut tx, id)
        .await?
        .ok_or_else(manage::unseen_enrollment)?;
    if member != call.member()? {
        return Err(manage::forbidden("Members note their own progress."));
    }
    courses::hold(&mut tx, course, false).await?;
    let before = enrollments::lock_version(&mut tx, id).await?;
    etag::guard(&headers, before)?;
    enrollments::record(&mut tx, (id, course), module, body.percent, state.issuing()).await?;
    let shown = manage::enrollment(&mut tx, id)
        .await?
        .ok_or(DataError::NotFound)?;
    let answer = Answer::resource(shown.enrollment.version, &shown)?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "ProgressBody");
        assert_eq!(portal_http::fields::names::<ProgressBody>(), documented);
    }
}
