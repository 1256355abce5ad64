//! `POST /v1/auth/mfa/challenge`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use portal_data::accounts::{self, Account};
use portal_data::single_use_tokens::{self, Purpose, SecretToken};
use portal_data::throttle::Subject;
use portal_data::{Tx, mfa, outbox};
use portal_domain::ids::UserId;
use portal_domain::mail::MailKind;
use portal_domain::second_factor::{RecoveryCode, TotpCode};
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, Problem, ProblemKind};
use utoipa::ToSchema;

use crate::Auth;
use crate::limits::Admitted;
use crate::mails::mail_about;
use crate::sign_in::{self, Device, SignedIn};
use crate::{limits, proof};

/// With which code in a row the owner is told that somebody who has the password guesses: anybody mistypes one or two.
const TOLD_WITH: u32 = 4;

/// The challenge of a sign-in and what answers it: a code of the authenticator, or else a recovery code.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[allow(dead_code)]
pub(crate) struct MfaChallengeRequest {
    /// What `POST /v1/auth/login` has answered.
    #[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{43}$")]
    challenge: SecretToken,
    /// The six digits that the authenticator app shows.
    #[schema(pattern = "^[0-9]{6}$", example = "287082")]
    code: Option<String>,
    /// One of the recovery codes, in place of `code`.
    #[schema(max_length = 64, example = "1A2B-3C4D-5E6F-7G8H-9J0K-1M2N")]
    recovery_code: Option<String>,
    /// What an earlier sign-in gave this device.
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z0-9_-]{43}$")]
    device_token: Option<SecretToken>,
}

/// The request as it is read.
pub(crate) struct ChallengeAnswer {
    challenge: SecretToken,
    factor: Factor,
    device_token: Option<SecretToken>,
}

enum Factor {
    Code(TotpCode),
    Recovery(RecoveryCode),
}

impl FromFields for ChallengeAnswer {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let challenge = fields.required("challenge");
        let device_token = fields.optional("deviceToken");
        let code = fields.optional("code").map(Factor::Code);
        let recovery = fields.optional("recoveryCode").map(Factor::Recovery);
        let factor = proof::one_of(fields, code, recovery, ["code", "recoveryCode"]);
        Some(Self {
            challenge: challenge?,
            factor: factor?,
            device_token,
        })
    }
}

/// Completes a sign-in with the second factor.
///
/// A wrong code leaves the challenge good for another, five in all.
#[utoipa::path(
    post,
    path = "/v1/auth/mfa/challenge",
    operation_id = "answer_mfa_challenge",
    tag = "auth",
    request_body = MfaChallengeRequest,
    responses(
        (status = 200, description = "Signed in.", body = SignedIn),
        (status = 401, description = "The code is wrong or was used before, or the challenge is good no more: sign in again."),
    ),
)]
pub(crate) async fn answer_mfa_challenge(
    State(auth): State<Auth>,
    call: Call,
    headers: HeaderMap,
    Fields { value: answer, .. }: Fields<ChallengeAnswer>,
) -> Result<Response, Problem> {
    let now = auth.now();
    let device = Device::of(&call, &headers, answer.device_token);
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let grant = mfa::attempt_challenge(&mut tx, &answer.challenge, now).await?;
    let user = grant.ok_or_else(challenge_is_over)?.user_id;
    let account = accounts::lookup(&mut tx, user).await?;
    let account = account.filter(|account| account.may_sign_in() && account.has_second_factor);
    let account = account.ok_or_else(challenge_is_over)?;
    let subjects = subjects(&mut tx, user, &answer.factor, &device).await?;
    let (mut tx, admitted) = limits::count(tx, &subjects, Some(user), now).await?;
    tell_of_guesses(&auth, &mut tx, &admitted, &account, &device).await?;
    tx.commit().await?;

    let mut tx = auth.portal.database().begin(&call.context).await?;
    if !take(&auth, &mut tx, &account, &answer.factor, &device).await? {
        tx.rollback().await?;
        return Err(wrong_code().with_rate_limits(admitted.rate_limits()));
    }
    let purpose = Purpose::MfaChallenge;
    let taken = single_use_tokens::take(&mut tx, &answer.challenge, purpose, now).await?;
    taken.ok_or_else(challenge_is_over)?;
    let response = sign_in::complete(&auth, tx, &account, device, &subjects).await?;
    Ok((admitted.rate_limits(), response).into_response())
}

/// Tells the owner that somebody has the password and guesses codes, together with the count and so once, however long it goes on:
/// until a code is right, or nobody has tried for a week, no count comes to the same number again.
async fn tell_of_guesses(
    auth: &Auth,
    tx: &mut Tx,
    admitted: &Admitted,
    account: &Account,
    device: &Device,
) -> Result<(), Problem> {
    if admitted.attempts() != TOLD_WITH {
        return Ok(());
    }
    let mail = mail_about(MailKind::SecondFactorGuessed, account, device, auth.now());
    Ok(outbox::add(tx, &auth.sealer, &mail).await?)
}

/// Who is counted. A device that has shown the second factor before has a count of its own, so that nobody who has the password
/// and guesses codes can keep the owner out. Recovery codes are not counted: they cannot be guessed, and let in who is locked out
/// elsewhere.
async fn subjects(
    tx: &mut Tx,
    user: UserId,
    factor: &Factor,
    device: &Device,
) -> Result<Vec<Subject>, Problem> {
    if matches!(factor, Factor::Recovery(_)) {
        return Ok(Vec::new());
    }
    Ok(match device.token_hash() {
        Some(hash) if mfa::was_shown_from(tx, user, &hash).await? => {
            vec![Subject::device(&limits::SECOND_FACTOR_DEVICE, user, &hash)]
        }
        _ => vec![Subject::member(&limits::SECOND_FACTOR_MEMBER, user)],
    })
}

/// Uses the code up, if it is right. The owner is told of a recovery code.
async fn take(
    auth: &Auth,
    tx: &mut Tx,
    account: &Account,
    factor: &Factor,
    device: &Device,
) -> Result<bool, Problem> {
    let code = match factor {
        Factor::Code(code) => return proof::take_code(auth, tx, account.id, code).await,
        Factor::Recovery(code) => code,
    };
    let now = auth.now();
    let Some(left) = mfa::use_recovery_code(tx, account.id, code, now).await? else {
        return Ok(false);
    };
    let mut mail = mail_about(MailKind::RecoveryCodeUsed, account, device, now);
    if let Some(payload) = mail.payload.as_object_mut() {
        payload.insert("left".to_owned(), left.into());
    }
    outbox::add(tx, &auth.sealer, &mail).await?;
    Ok(true)
}

fn wrong_code() -> Problem {
    Problem::new(
        ProblemKind::WrongCode,
        "The code is wrong, or was used before: send the next one that the app shows.",
    )
}

fn challenge_is_over() -> Problem {
    Problem::new(
        ProblemKind::SessionEnded,
        "The challenge is unknown, used, more than five minutes old, or was tried too often: sign in again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_the_fields_that_are_read() {
        assert_eq!(
            portal_http::fields::names::<ChallengeAnswer>(),
            crate::tests::described::<MfaChallengeRequest>()
        );
    }
}
