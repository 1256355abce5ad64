//! `POST /v1/auth/verify-email`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use portal_data::single_use_tokens::{self, Grant, Purpose, SecretToken};
use portal_data::{DataError, Tx, accounts, outbox, throttle};
use portal_domain::email::EmailAddress;
use portal_domain::mail::MailKind;
use portal_http::call::Written;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::problem::Fault;
use portal_http::rate_limit::RateLimits;
use portal_http::{Call, Problem};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::Auth;
use crate::limits;
use crate::mails::mail_about;
use crate::sign_in::Device;

/// A token out of a mail.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct VerifyEmailRequest {
    /// The token in the link.
    #[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{43}$")]
    token: SecretToken,
}

impl FromFields for VerifyEmailRequest {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let token = fields.required("token");
        Some(Self { token: token? })
    }
}

/// Confirms the address of a new account, or the new address of an account.
#[utoipa::path(
    post,
    path = "/v1/auth/verify-email",
    operation_id = "verify_email",
    tag = "auth",
    request_body = VerifyEmailRequest,
    responses(
        (status = 204, description = "The address is confirmed."),
        (status = 409, description = "Another account has got the address meanwhile."),
    ),
)]
pub(crate) async fn verify_email(
    State(auth): State<Auth>,
    call: Call,
    headers: HeaderMap,
    Fields { value: request, .. }: Fields<VerifyEmailRequest>,
) -> Result<Response, Problem> {
    let now = auth.now();
    let subjects = limits::of_address(&limits::TOKEN_ADDRESS, &call);
    let tx = auth.portal.database().begin(&call.context).await?;
    let admitted = limits::admit(tx, &subjects, None, now).await?;
    let mut tx = auth.portal.database().begin(&call.context).await?;
    if let Some(grant) = single_use_tokens::take(&mut tx, &request.token, Purpose::VerifyEmail, now).await? {
        accounts::mark_verified(&mut tx, grant.user_id).await?;
    } else if let Some(grant) =
        single_use_tokens::take(&mut tx, &request.token, Purpose::ChangeEmail, now).await?
    {
        let device = Device::of(&call, &headers, None);
        move_to_address(&auth, &mut tx, &grant, &device, now).await?;
    } else {
        tx.rollback().await?;
        return Err(worthless(admitted.rate_limits()));
    }
    throttle::forgive(&mut tx, &subjects, now).await?;
    let written = Written(tx.commit().await?);
    Ok((StatusCode::NO_CONTENT, admitted.rate_limits(), written, ()).into_response())
}

/// Gives the account the address that the token was sent to, and tells the one before.
async fn move_to_address(
    auth: &Auth,
    tx: &mut Tx,
    grant: &Grant,
    device: &Device,
    now: OffsetDateTime,
) -> Result<(), Problem> {
    let address = grant
        .payload
        .get("email")
        .and_then(|value| value.as_str())
        .unwrap_or_default();
    let address = EmailAddress::try_from(address.to_owned()).map_err(|error| DataError::Corrupt {
        table: "single_use_tokens",
        reason: format!("the new address {error}"),
    })?;
    let account = accounts::lookup(tx, grant.user_id)
        .await?
        .ok_or(DataError::NotFound)?;
    accounts::set_email(tx, account.id, &address).await?;
    // Links that were sent to the old address are for whoever reads it.
    let sent = [Purpose::ChangeEmail, Purpose::ResetPassword, Purpose::VerifyEmail];
    single_use_tokens::withdraw(tx, account.id, &sent).await?;
    let mail = mail_about(MailKind::EmailChanged, &account, device, now);
    Ok(outbox::add(tx, &auth.sealer, &mail).await?)
}

/// The one answer to every token that cannot be used.
pub(crate) fn worthless(limits: RateLimits) -> Problem {
    let detail = "is unknown, has been used or has run out: ask for a new link";
    Problem::invalid(vec![Fault::body("/token", detail)]).with_rate_limits(limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_the_fields_that_are_read() {
        assert_eq!(
            portal_http::fields::names::<VerifyEmailRequest>(),
            crate::tests::described::<VerifyEmailRequest>()
        );
    }
}
