//! `POST /v1/auth/mfa/totp/confirm`

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use portal_data::accounts::Account;
use portal_data::throttle::{self, Subject};
use portal_data::{Tx, mfa, outbox};
use portal_domain::ids::{SessionId, UserId};
use portal_domain::mail::MailKind;
use portal_domain::second_factor::TotpCode;
use portal_http::call::Written;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::problem::Fault;
use portal_http::{Call, Problem, ProblemKind};
use ring::rand::SystemRandom;
use utoipa::ToSchema;

use crate::Auth;
use crate::mails::mail_about;
use crate::recovery_codes::{self, RecoveryCodes};
use crate::sign_in::Device;
use crate::totp::Totp;
use crate::{limits, proof};

/// Shows that the app has the secret.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct ConfirmTotpRequest {
    /// The six digits that the app shows.
    #[schema(value_type = String, pattern = "^[0-9]{6}$", example = "287082")]
    code: TotpCode,
}

impl FromFields for ConfirmTotpRequest {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let code = fields.required("code");
        Some(Self { code: code? })
    }
}

/// Confirms the authenticator with a code: from now on sign-in asks for one. Answers with ten recovery codes.
#[utoipa::path(
    post,
    path = "/v1/auth/mfa/totp/confirm",
    operation_id = "confirm_totp",
    tag = "auth",
    request_body = ConfirmTotpRequest,
    responses(
        (status = 200, description = "The second factor is on; these codes are not shown again.", body = RecoveryCodes),
        (status = 403, description = "The sign-in is more than 15 minutes old."),
        (status = 409, description = "There is no authenticator to be confirmed."),
    ),
)]
pub(crate) async fn confirm_totp(
    State(auth): State<Auth>,
    call: Call,
    headers: HeaderMap,
    Fields { value: request, .. }: Fields<ConfirmTotpRequest>,
) -> Result<Response, Problem> {
    let now = auth.now();
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let account = proof::recent_account(&mut tx, &call, now).await?;
    let subjects = [Subject::member(&limits::CODE_MEMBER, account.id)];
    let admitted = limits::admit(tx, &subjects, Some(account.id), now).await?;
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let codes = enable(&auth, &mut tx, &account, call.sign_in()?, &request.code)
        .await
        .map_err(|problem| problem.with_rate_limits(admitted.rate_limits()))?;
    throttle::forgive(&mut tx, &subjects, now).await?;
    let device = Device::of(&call, &headers, None);
    let mail = mail_about(MailKind::MfaEnabled, &account, &device, now);
    outbox::add(&mut tx, &auth.sealer, &mail).await?;
    let written = Written(tx.commit().await?);
    Ok((admitted.rate_limits(), written, Json(codes)).into_response())
}

async fn enable(
    auth: &Auth,
    tx: &mut Tx,
    account: &Account,
    sign_in: (UserId, SessionId),
    code: &TotpCode,
) -> Result<RecoveryCodes, Problem> {
    let now = auth.now();
    let pending = mfa::lock(tx, &auth.sealer, account.id).await?;
    let Some(pending) = pending.filter(|authenticator| !authenticator.enabled) else {
        return Err(Problem::new(
            ProblemKind::Conflict,
            "There is no authenticator to be confirmed: ask for a secret first, or remove the one that is in use.",
        ));
    };
    let totp = Totp::from_secret(pending.secret)?;
    if !proof::take_step(tx, account.id, &totp, code, now).await? {
        let fault = Fault::body(
            "/code",
            "is not what the app shows now: check that the clock of the device is right, and send the next code",
        );
        return Err(Problem::invalid(vec![fault]));
    }
    mfa::enable(tx, sign_in, now).await?;
    recovery_codes::renew(tx, account.id, &SystemRandom::new()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_the_fields_that_are_read() {
        assert_eq!(
            portal_http::fields::names::<ConfirmTotpRequest>(),
            crate::tests::described::<ConfirmTotpRequest>()
        );
    }
}
