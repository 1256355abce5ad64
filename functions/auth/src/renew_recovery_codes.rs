//! `POST /v1/auth/mfa/recovery-codes`

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use portal_data::{mfa, outbox};
use portal_domain::mail::MailKind;
use portal_http::call::Written;
use portal_http::fields::Fields;
use portal_http::{Call, Problem, ProblemKind};
use ring::rand::SystemRandom;

use crate::Auth;
use crate::mails::mail_about;
use crate::proof::{self, Proof};
use crate::recovery_codes::{self, RecoveryCodes};
use crate::remove_totp::ProofOfMember;
use crate::sign_in::Device;

/// Makes ten new recovery codes; the ones before are worth nothing any more.
#[utoipa::path(
    post,
    path = "/v1/auth/mfa/recovery-codes",
    operation_id = "renew_recovery_codes",
    tag = "auth",
    request_body = ProofOfMember,
    responses(
        (status = 200, description = "The codes; they are not shown again.", body = RecoveryCodes),
        (status = 403, description = "The sign-in is more than 15 minutes old."),
        (status = 409, description = "There is no second factor that they could stand in for."),
    ),
)]
pub(crate) async fn renew_recovery_codes(
    State(auth): State<Auth>,
    call: Call,
    headers: HeaderMap,
    Fields { value: proof, .. }: Fields<Proof>,
) -> Result<Response, Problem> {
    let (account, rate_limits) = proof::verify(&auth, &call, &proof).await?;
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let authenticator = mfa::lock(&mut tx, &auth.sealer, account.id).await?;
    if !authenticator.is_some_and(|authenticator| authenticator.enabled) {
        return Err(Problem::new(
            ProblemKind::Conflict,
            "This account has no second factor: set up an authenticator, which comes with recovery codes.",
        )
        .with_rate_limits(rate_limits));
    }
    let codes = recovery_codes::renew(&mut tx, account.id, &SystemRandom::new()).await?;
    let device = Device::of(&call, &headers, None);
    let mail = mail_about(MailKind::RecoveryCodesRenewed, &account, &device, auth.now());
    outbox::add(&mut tx, &auth.sealer, &mail).await?;
    let written = Written(tx.commit().await?);
    Ok((rate_limits, written, Json(codes)).into_response())
}
