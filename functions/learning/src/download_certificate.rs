//! `GET /v1/enrollments/{id}/certificate`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use portal_data::certificates::{self, Certificate};
use portal_data::read;
use portal_domain::ids::EnrollmentId;
use portal_domain::zone::ZoneName;
use portal_http::etag::EntityTag;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Problem};

use crate::manage::{self, conflict};
use crate::state::Learning;

/// Gives the certificate of a completed course as a document of one page, to its member and to those who run courses.
///
/// It shows the names of the day when it was given, and never changes.
#[utoipa::path(
    get,
    path = "/v1/enrollments/{id}/certificate",
    operation_id = "download_certificate",
    tag = "certificates",
    params(("id" = EnrollmentId, Path, description = "The enrolment's id.")),
    responses(
        (status = 200, description = "The certificate.", body = Vec<u8>, content_type = "application/pdf", headers(
            ("ETag" = String, description = "The entity tag of this representation."),
            ("Content-Disposition" = String, description = "The name of the file."),
        )),
        (status = 406, description = "Only PDF."),
        (status = 409, description = "The course is not completed, or the certificate was revoked."),
    ),
)]
pub(crate) async fn download_certificate(
    State(state): State<Learning>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let media = negotiate(&headers, &[MediaType::Pdf])?;
    let id: EnrollmentId = path.read("id")?;
    let found = read!(state.portal.database(), &call.context, |tx| {
        certificates::of_enrollment(tx, id).await
    });
    let found = found?.ok_or_else(manage::unseen_enrollment)?;
    let certificate = found.certificate.ok_or_else(|| {
        conflict(format!(
            "There is no certificate yet: the enrolment is {}.",
            found.status
        ))
    })?;
    if certificate.revoked_at.is_some() {
        return Err(conflict("This certificate was revoked."));
    }
    let document = document(&state, &certificate)?;
    let tag = EntityTag::of_contents(media.content_type(), &document);
    let name = format!("attachment; filename=\"certificate-{}.pdf\"", certificate.number);
    let response = (
        [
            (CONTENT_TYPE, media.content_type().to_owned()),
            (CONTENT_DISPOSITION, name),
        ],
        document,
    );
    Ok(tag.answer(&headers, response.into_response()))
}

fn document(state: &Learning, certificate: &Certificate) -> Result<Vec<u8>, Problem> {
    let here = ZoneName::default();
    let contents = portal_documents::Certificate {
        holder: &certificate.holder,
        course: &certificate.course,
        number: &certificate.number.to_string(),
        issued_at: here.on_its_clocks(certificate.issued_at),
        expires_at: certificate.expires_at.map(|at| here.on_its_clocks(at)),
        address: &state.verification_address(&certificate.number),
    };
    portal_documents::certificate(&contents)
        .map_err(|error| Problem::internal(&format!("a certificate cannot be made: {error}")))
}
