//! `POST /v1/auth/login`

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use portal_data::accounts::{self, Account};
use portal_data::single_use_tokens::{self, Purpose, SecretToken};
use portal_data::throttle::{self, Subject};
use portal_data::{Tx, outbox};
use portal_domain::email::EmailAddress;
use portal_domain::password::Password;
use portal_http::call::Written;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, Problem};
use ring::rand::SystemRandom;
use serde::Serialize;
use serde_json::json;
use time::Duration;
use utoipa::ToSchema;

use crate::Auth;
use crate::even_time::EvenTime;
use crate::limits::{self, Admitted};
use crate::mails;
use crate::sign_in::{self, Device, SignedIn, no_randomness, wrong_credentials};

/// How long the second factor may take.
const CHALLENGE_LASTS: Duration = Duration::minutes(5);

/// Who wants in.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct LogInRequest {
    /// The account's address.
    #[schema(value_type = String, format = "email", max_length = 254)]
    email: EmailAddress,
    /// Its password.
    #[schema(value_type = String, format = "password", max_length = 256)]
    password: Password,
    /// What an earlier sign-in gave this device.
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z0-9_-]{43}$")]
    device_token: Option<SecretToken>,
}

impl FromFields for LogInRequest {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let email = fields.required("email");
        let password = fields.required("password");
        let device_token = fields.optional("deviceToken");
        Some(Self {
            email: email?,
            password: password?,
            device_token,
        })
    }
}

/// The password was right, and the second factor is wanted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecondFactorWanted {
    /// Always true.
    mfa_required: bool,
    /// Sent with the code to `POST /v1/auth/mfa/challenge` within five minutes.
    challenge: String,
}

/// Either of the two answers.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum LogInAnswer {
    SignedIn(Box<SignedIn>),
    SecondFactorWanted(SecondFactorWanted),
}

/// Signs in with an address and a password.
#[utoipa::path(
    post,
    path = "/v1/auth/login",
    operation_id = "log_in",
    tag = "auth",
    request_body = LogInRequest,
    responses(
        (status = 200, description = "Signed in, or the second factor is wanted.", body = LogInAnswer),
        (status = 401, description = "The address or the password is wrong, or the address has not been confirmed."),
    ),
)]
pub(crate) async fn log_in(
    State(auth): State<Auth>,
    call: Call,
    headers: HeaderMap,
    Fields { value: request, .. }: Fields<LogInRequest>,
) -> Result<Response, Problem> {
    let now = auth.now();
    let device = Device::of(&call, &headers, request.device_token);
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let found = accounts::find_by_email(&mut tx, &request.email, device.token_hash().as_deref()).await?;
    let subjects = subjects(&call, &request.email, found.as_ref(), &device);
    let account = found.map(|(account, _)| account);
    let hash = account
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let verifying = auth.hasher.verify(request.password.as_bytes(), hash);
    let (admitted, verified) = limits::admit_to(tx, &subjects, None, now, verifying).await?;
    let mut account = match account {
        Some(account) if verified.matches && account.may_sign_in() => account,
        other => return Err(refuse(&auth, &call, &admitted, other.as_ref(), &device).await),
    };
    let renewed = if verified.outdated {
        Some(auth.hasher.hash(request.password.as_bytes()).await?)
    } else {
        None
    };
    let mut tx = auth.portal.database().begin(&call.context).await?;
    if let Some(renewed) = renewed {
        // Should another request have changed it meanwhile, the account is not what it was, and is refused below.
        let old = account.password_hash.replace(renewed.clone());
        accounts::replace_password(&mut tx, account.id, old.as_deref(), &renewed).await?;
    }
    let response = if account.has_second_factor {
        challenge(&auth, tx, &account, &subjects).await?
    } else {
        sign_in::complete(&auth, tx, &account, device, &subjects).await?
    };
    Ok((admitted.rate_limits(), response).into_response())
}

/// Who is counted: the device where the account knows it, else account and address. So guesses from elsewhere never keep out
/// an owner who signs in from a device that has signed in before, not even guesses from the same address.
fn subjects(
    call: &Call,
    email: &EmailAddress,
    found: Option<&(Account, bool)>,
    device: &Device,
) -> Vec<Subject> {
    match (found, device.token_hash()) {
        (Some((account, true)), Some(hash)) => {
            vec![Subject::device(&limits::LOG_IN_DEVICE, account.id, &hash)]
        }
        _ => {
            let mut subjects = limits::of_address(&limits::LOG_IN_ADDRESS, call);
            subjects.push(Subject::account(&limits::LOG_IN_ACCOUNT, &email.folded()));
            subjects
        }
    }
}

/// Refuses, after the same time with and without an account. The failure was counted before the password was verified; the owner is
/// told when it was the one that locked the account.
async fn refuse(
    auth: &Auth,
    call: &Call,
    admitted: &Admitted,
    account: Option<&Account>,
    device: &Device,
) -> Problem {
    if let Some(until) = admitted.first_lock(&limits::LOG_IN_ACCOUNT) {
        let even = EvenTime::begin();
        if let Some(account) = account.filter(|account| account.is_active) {
            let mail = mails::locked(account, device, until, auth.now());
            if let Err(problem) = send(auth, call, &mail).await {
                tracing::error!(
                    kind = problem.kind().slug(),
                    "the owner of a locked account could not be told"
                );
            }
        }
        even.end().await;
    }
    wrong_credentials().with_rate_limits(admitted.rate_limits())
}

async fn send(auth: &Auth, call: &Call, mail: &portal_domain::mail::Mail) -> Result<(), Problem> {
    let mut tx = auth.portal.database().begin(&call.context).await?;
    outbox::add(&mut tx, &auth.sealer, mail).await?;
    tx.commit().await?;
    Ok(())
}

async fn challenge(
    auth: &Auth,
    mut tx: Tx,
    account: &Account,
    subjects: &[Subject],
) -> Result<Response, Problem> {
    let now = auth.now();
    if !accounts::hold(&mut tx, account).await? {
        tx.rollback().await?;
        return Err(wrong_credentials());
    }
    throttle::forgive(&mut tx, subjects, now).await?;
    let token = SecretToken::generate(&SystemRandom::new()).map_err(no_randomness)?;
    let expires_at = now + CHALLENGE_LASTS;
    let purpose = Purpose::MfaChallenge;
    single_use_tokens::add(&mut tx, &token, purpose, account.id, &json!({}), now, expires_at).await?;
    let answer = SecondFactorWanted {
        mfa_required: true,
        challenge: token.text(),
    };
    Ok((Written(tx.commit().await?), Json(answer)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_the_fields_that_are_read() {
        assert_eq!(
            portal_http::fields::names::<LogInRequest>(),
            crate::tests::described::<LogInRequest>()
        );
    }
}
