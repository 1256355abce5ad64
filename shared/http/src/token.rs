//! Access tokens: JSON Web Tokens in the profile of RFC 9068, signed with RS256, and verified here without asking anybody.
//!
//! A good token says who asks. Whether that sign-in still stands is for the database to say, in the round trip that begins the
//! transaction, so that a token is worth nothing from the moment in which its session ends.

mod claims;
mod keys;

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::{Algorithm, Validation};
use portal_data::{CachedSecret, ConfigError, Environment, Secrets};
use portal_domain::Caller;
use time::OffsetDateTime;

use crate::problem::{Problem, ProblemKind};

pub use claims::{AccessClaims, LIFETIME, TOKEN_TYPE, TokenSettings};
pub use keys::{PublicKey, PublicKeys, VerifyingKeys};

/// The variable with the Secrets Manager id of the public keys.
const KEYS_SECRET: &str = "PORTAL_TOKEN_KEYS_SECRET";

/// How far two clocks may be apart, in seconds: those of the hosts are kept by NTP.
const LEEWAY: i64 = 5;

/// How long the public keys are taken as they are; one that has been taken out is trusted no longer than that.
const KEYS_STAY: Duration = Duration::from_secs(600);

/// Verifies access tokens with the public keys from Secrets Manager, which are fetched once. Clones share them.
#[derive(Clone, Debug)]
pub struct TokenVerifier {
    settings: Arc<TokenSettings>,
    keys: CachedSecret<VerifyingKeys>,
}

impl TokenVerifier {
    /// Reads `PORTAL_PUBLIC_URL`, `PORTAL_TOKEN_AUDIENCE` and `PORTAL_TOKEN_KEYS_SECRET`; fetches nothing yet.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn read(environment: Environment<'_>, secrets: Secrets) -> Result<Self, ConfigError> {
        let id = environment.required(KEYS_SECRET, "the Secrets Manager id of the tokens' public keys")?;
        Ok(Self {
            settings: Arc::new(TokenSettings::read(environment)?),
            keys: CachedSecret::new(secrets, id, KEYS_STAY),
        })
    }

    /// Who tokens are issued by, and whom for.
    #[must_use]
    pub fn settings(&self) -> &TokenSettings {
        &self.settings
    }

    /// The keys that tokens are verified with, for others who verify them.
    ///
    /// # Errors
    /// A 503 problem when they are not there yet and cannot be fetched.
    pub async fn public_keys(&self) -> Result<PublicKeys, Problem> {
        Ok(self.keys.get().await?.published().clone())
    }

    /// The caller whom a token names.
    ///
    /// # Errors
    /// A 401 problem for a token that was not issued here, is meant for others, or has run out; 503 when the keys are needed and
    /// cannot be fetched.
    pub async fn verify(&self, token: &str, now: OffsetDateTime) -> Result<Caller, Problem> {
        let id = key_id(token)?;
        let keys = self.keys.suiting(|keys| keys.get(&id).is_some()).await?;
        verify_with(&keys, &self.settings, token, now)
    }
}

/// The key that a token says it was signed with.
fn key_id(token: &str) -> Result<String, Problem> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| not_ours())?;
    let typed = header.typ.is_some_and(|typ| {
        let typ = typ.to_ascii_lowercase();
        typ.strip_prefix("application/").unwrap_or(&typ) == TOKEN_TYPE
    });
    match header.kid {
        Some(id) if typed && header.alg == Algorithm::RS256 => Ok(id),
        _ => Err(not_ours()),
    }
}

fn verify_with(
    keys: &VerifyingKeys,
    settings: &TokenSettings,
    token: &str,
    now: OffsetDateTime,
) -> Result<Caller, Problem> {
    let key = keys.get(&key_id(token)?).ok_or_else(not_ours)?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[&settings.issuer]);
    validation.set_audience(&[&settings.audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The times are compared below, by the caller's clock.
    validation.validate_exp = false;
    let claims = jsonwebtoken::decode::<AccessClaims>(token, key, &validation)
        .map_err(|_| not_ours())?
        .claims;
    let now = now.unix_timestamp();
    if claims.exp.saturating_add(LEEWAY) <= now {
        return Err(refuse("The access token has run out: refresh it."));
    }
    if claims.iat.saturating_sub(LEEWAY) > now {
        return Err(not_ours());
    }
    Ok(Caller::Member {
        user_id: claims.sub,
        session_id: claims.sid,
    })
}

/// One answer for everything that is wrong with a token but its age: whoever forges one learns nothing of how far he got.
fn not_ours() -> Problem {
    refuse("This is no access token of this service: sign in to have one.")
}

fn refuse(detail: &str) -> Problem {
    Problem::new(ProblemKind::Unauthenticated, detail)
}

#[cfg(test)]
mod tests;
