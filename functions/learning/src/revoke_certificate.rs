//! `PUT /v1/certificates/{number}/revocation`

use axum::extract::State;
use axum::response::Response;
use portal_data::{certificates, permissions};
use portal_domain::text::Line;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, PathParameters, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::certificate_body::CertificateBody;
use crate::manage::MANAGE;
use crate::state::Learning;
use crate::verify_certificate::{number, unknown};

/// Why a certificate is revoked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RevocationBody {
    /// The member is told it; who verifies the certificate is not.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: Line<500>,
}

impl FromFields for RevocationBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let reason = fields.required("reason");
        Some(Self { reason: reason? })
    }
}

/// Revokes a certificate: whoever verifies it is told so from now on. Its member can take the course again.
#[utoipa::path(
    put,
    path = "/v1/certificates/{number}/revocation",
    operation_id = "revoke_certificate",
    tag = "certificates",
    params(("number" = String, Path, description = "The number of the certificate.", example = "0000-0000-0000-0000")),
    request_body(content = RevocationBody, example = json!({"reason": "It was given to another member by mistake"})),
    responses((status = 200, description = "The certificate as it is now.", body = CertificateBody)),
)]
pub(crate) async fn revoke_certificate(
    State(state): State<Learning>,
    call: Call,
    path: PathParameters,
    Fields { value: body, .. }: Fields<RevocationBody>,
) -> Result<Response, Problem> {
    let mut tx = state.portal.database().begin(&call.context).await?;
    permissions::require(&mut tx, MANAGE).await?;
    let number = number(&path)?;
    certificates::revoke(&mut tx, &number, &body.reason, state.now()).await?;
    let now = certificates::find(&mut tx, &number).await?.ok_or_else(unknown)?;
    let answer = Answer::json(&CertificateBody::of(now, state.now()))?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "RevocationBody");
        assert_eq!(portal_http::fields::names::<RevocationBody>(), documented);
    }
}
