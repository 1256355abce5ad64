//! `DELETE /v1/auth/mfa/totp`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use portal_data::{mfa, outbox};
use portal_domain::mail::MailKind;
use portal_http::call::Written;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, Problem};
use utoipa::ToSchema;

use crate::Auth;
use crate::mails::mail_about;
use crate::proof::{self, Proof};
use crate::sign_in::Device;

/// Shows once more who asks: exactly one of the two.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({"code": "287082"}))]
#[allow(dead_code)]
pub(crate) struct ProofOfMember {
    /// The account's password.
    #[schema(format = "password", max_length = 256)]
    password: Option<String>,
    /// The six digits that the authenticator app shows.
    #[schema(pattern = "^[0-9]{6}$", example = "287082")]
    code: Option<String>,
}

impl FromFields for Proof {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        Self::read(fields)
    }
}

/// Removes the authenticator and its recovery codes: from now on the password alone signs in.
#[utoipa::path(
    delete,
    path = "/v1/auth/mfa/totp",
    operation_id = "remove_totp",
    tag = "auth",
    request_body = ProofOfMember,
    responses(
        (status = 204, description = "The second factor is off."),
        (status = 403, description = "The sign-in is more than 15 minutes old."),
        (status = 404, description = "There is no second factor."),
    ),
)]
pub(crate) async fn remove_totp(
    State(auth): State<Auth>,
    call: Call,
    headers: HeaderMap,
    Fields { value: proof, .. }: Fields<Proof>,
) -> Result<Response, Problem> {
    let (account, rate_limits) = proof::verify(&auth, &call, &proof).await?;
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let authenticator = mfa::lock(&mut tx, &auth.sealer, account.id).await?;
    if !authenticator.is_some_and(|authenticator| authenticator.enabled) {
        return Err(Problem::not_found("This account has no second factor.").with_rate_limits(rate_limits));
    }
    mfa::remove(&mut tx, account.id).await?;
    let device = Device::of(&call, &headers, None);
    let mail = mail_about(MailKind::MfaDisabled, &account, &device, auth.now());
    outbox::add(&mut tx, &auth.sealer, &mail).await?;
    let written = Written(tx.commit().await?);
    Ok((rate_limits, written, StatusCode::NO_CONTENT).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_the_fields_that_are_read() {
        assert_eq!(
            portal_http::fields::names::<Proof>(),
            crate::tests::described::<ProofOfMember>()
        );
    }
}
