//! What every way to sign in ends with: a session, its tokens, and a device that is known from now on.

use std::net::IpAddr;

use axum::Json;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::response::{IntoResponse as _, Response};
use portal_data::accounts::{Account, Powers};
use portal_data::sign_ins::{self, NewSignIn};
use portal_data::single_use_tokens::{NoRandomness, SecretToken};
use portal_data::throttle::Subject;
use portal_data::{Tx, outbox};
use portal_domain::ids::SessionId;
use portal_domain::mail::MailKind;
use portal_http::call::Written;
use portal_http::token::LIFETIME;
use portal_http::{Call, Problem, ProblemKind};
use ring::rand::SystemRandom;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Auth;
use crate::mails::mail_about;
use crate::member_account::MemberAccount;
use crate::refresh_token::RefreshToken;

/// The longest description of a device that is kept, in characters.
const LONGEST_DESCRIPTION: usize = 200;

/// What a request tells about where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    /// The token that an earlier sign-in gave this device, as it was sent.
    pub(crate) token: Option<SecretToken>,
    /// Its User-Agent.
    pub(crate) description: Option<String>,
    /// The address that the gateway saw.
    pub(crate) address: Option<IpAddr>,
}

impl Device {
    /// The device behind a call; `token` is out of the body.
    pub(crate) fn of(call: &Call, headers: &HeaderMap, token: Option<SecretToken>) -> Self {
        let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        let description = agent.map(|agent| agent.chars().take(LONGEST_DESCRIPTION).collect::<String>());
        Self {
            token,
            description: description.filter(|text| !text.trim().is_empty()),
            address: call.address(),
        }
    }

    /// SHA-256 of the token that was sent.
    pub(crate) fn token_hash(&self) -> Option<Vec<u8>> {
        self.token.as_ref().map(SecretToken::hash)
    }
}

/// Tokens, and whose they are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedIn {
    /// Sent as `Authorization: Bearer`, for ten minutes.
    access_token: String,
    /// How the access token is sent.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// How long the access token lasts, in seconds.
    #[schema(example = 600)]
    expires_in: u64,
    /// Gets the next access token at `POST /v1/auth/refresh`, once: each answer has the next refresh token.
    refresh_token: String,
    /// Kept by the device and sent with its next sign-in: others who guess at the account cannot lock this device out.
    #[serde(skip_serializing_if = "Option::is_none")]
    device_token: Option<String>,
    /// Who has signed in.
    user: MemberAccount,
}

impl SignedIn {
    /// The answer for a session, with its access token.
    ///
    /// # Errors
    /// A 503 problem when the keys are away.
    pub(crate) async fn with(
        auth: &Auth,
        account: &Account,
        powers: Powers,
        refresh_token: &RefreshToken,
        device_token: Option<&SecretToken>,
    ) -> Result<Self, Problem> {
        let session = refresh_token.session;
        let access_token = auth
            .tokens
            .issue(account.id, session, &powers.roles, auth.now())
            .await?;
        Ok(Self {
            access_token,
            token_type: "Bearer",
            expires_in: LIFETIME.as_secs(),
            refresh_token: refresh_token.text(),
            device_token: device_token.map(SecretToken::text),
            user: MemberAccount::new(account, powers),
        })
    }
}

/// Signs in: stores the session, forgives what was counted, issues the tokens, tells the owner when the device is a new one, commits,
/// and answers.
///
/// # Errors
/// A 401 problem when the account was suspended, or got another password or a second factor since it was read; 503 when the database
/// or the keys are away.
pub(crate) async fn complete(
    auth: &Auth,
    mut tx: Tx,
    account: &Account,
    device: Device,
    counted: &[Subject],
) -> Result<Response, Problem> {
    let now = auth.now();
    let random = SystemRandom::new();
    let session = SessionId::from(Uuid::now_v7());
    let secret = SecretToken::generate(&random).map_err(no_randomness)?;
    let refresh_token = RefreshToken::first(&auth.refresh_keys, session, &secret).await?;
    let new_device = SecretToken::generate(&random).map_err(no_randomness)?;
    let new = NewSignIn {
        session,
        account,
        counted,
        refresh_token_hash: refresh_token.hash(),
        sent_device_hash: device.token_hash(),
        new_device_hash: new_device.hash(),
        device: device.description.as_deref(),
        address: device.address,
    };
    let Some(stored) = sign_ins::add(&mut tx, &new, now).await? else {
        tx.rollback().await?;
        return Err(wrong_credentials());
    };
    if stored.any && !stored.known {
        let mail = mail_about(MailKind::NewSignIn, account, &device, now);
        outbox::add(&mut tx, &auth.sealer, &mail).await?;
    }
    let device_token = device.token.filter(|_| stored.known).unwrap_or(new_device);
    let issuing = SignedIn::with(auth, account, stored.powers, &refresh_token, Some(&device_token));
    answer(tx, issuing).await
}

/// Commits, and answers with tokens that are signed while the server is at it: signing takes about as long as a round trip.
///
/// # Errors
/// A 503 problem when the database or the keys are away. Tokens of a sign-in that was not committed go to nobody.
pub(crate) async fn answer(
    tx: Tx,
    issuing: impl Future<Output = Result<SignedIn, Problem>>,
) -> Result<Response, Problem> {
    let (written, signed_in) = tokio::join!(tx.commit(), issuing);
    Ok((Written(written?), Json(signed_in?)).into_response())
}

/// The one answer to everybody who does not get in, so that it tells nobody which addresses have an account.
pub(crate) fn wrong_credentials() -> Problem {
    Problem::new(
        ProblemKind::WrongCredentials,
        "The e-mail address or the password is wrong, or the address has not been confirmed yet.",
    )
}

/// The operating system gave no random bytes.
pub(crate) fn no_randomness(error: NoRandomness) -> Problem {
    Problem::internal(&error.to_string())
}
