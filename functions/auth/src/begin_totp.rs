//! `POST /v1/auth/mfa/totp`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::mfa;
use portal_data::throttle::Subject;
use portal_http::call::Written;
use portal_http::{Call, Problem, ProblemKind};
use ring::rand::SystemRandom;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Auth;
use crate::totp::Totp;
use crate::{limits, proof};

/// What an authenticator app needs. It is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TotpEnrolment {
    /// The secret in base32, to be typed in where no QR code can be read.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// The content of the QR code.
    #[schema(
        format = "uri",
        example = "otpauth://totp/NAMC%20NorCal:ana%40example%2Eorg?secret=…"
    )]
    otpauth_url: String,
}

/// Makes a secret for an authenticator app.
///
/// Nothing changes before a code of it is sent to `POST /v1/auth/mfa/totp/confirm`; asked again, another secret takes its place.
#[utoipa::path(
    post,
    path = "/v1/auth/mfa/totp",
    operation_id = "begin_totp",
    tag = "auth",
    responses(
        (status = 200, description = "The secret.", body = TotpEnrolment),
        (status = 403, description = "The sign-in is more than 15 minutes old."),
        (status = 409, description = "There is an authenticator already: remove it first."),
    ),
)]
pub(crate) async fn begin_totp(State(auth): State<Auth>, call: Call) -> Result<Response, Problem> {
    let now = auth.now();
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let account = proof::recent_account(&mut tx, &call, now).await?;
    let subjects = [Subject::member(&limits::ENROL_MEMBER, account.id)];
    let admitted = limits::admit(tx, &subjects, Some(account.id), now).await?;
    let totp = Totp::generate(&SystemRandom::new())?;
    let mut tx = auth.portal.database().begin(&call.context).await?;
    if !mfa::begin(&mut tx, &auth.sealer, account.id, totp.secret()).await? {
        return Err(Problem::new(
            ProblemKind::Conflict,
            "An authenticator is set up already: remove it before you set up another.",
        )
        .with_rate_limits(admitted.rate_limits()));
    }
    let enrolment = TotpEnrolment {
        secret: totp.secret_text(),
        otpauth_url: totp.url(&account.email),
    };
    let written = Written(tx.commit().await?);
    Ok((admitted.rate_limits(), written, Json(enrolment)).into_response())
}
