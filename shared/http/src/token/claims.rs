//! What an access token says.

use std::time::Duration;

use portal_data::{ConfigError, Environment};
use portal_domain::ids::{SessionId, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The `typ` of an access token's header (RFC 9068, section 2.1).
pub const TOKEN_TYPE: &str = "at+jwt";

/// How long an access token is good for.
pub const LIFETIME: Duration = Duration::from_secs(600);

/// The audience of the portal's own API.
const AUDIENCE: &str = "namc-portal";

/// The claims of an access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// The issuer: the address of the service.
    pub iss: String,
    /// The audience.
    pub aud: String,
    /// The account.
    pub sub: UserId,
    /// The sign-in.
    pub sid: SessionId,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// When it runs out, in seconds since 1970.
    pub exp: i64,
    /// The token's own id.
    pub jti: Uuid,
    /// The names of the roles at that time. Other services may go by them; this one asks the database.
    pub roles: Vec<String>,
}

/// Who issues tokens, and whom for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSettings {
    /// The address by which clients reach the service, without a slash at its end.
    pub issuer: String,
    /// Whom tokens are for.
    pub audience: String,
}

impl TokenSettings {
    /// Reads `PORTAL_PUBLIC_URL` and `PORTAL_TOKEN_AUDIENCE`.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn read(environment: Environment<'_>) -> Result<Self, ConfigError> {
        let url: String = environment.required("PORTAL_PUBLIC_URL", "the address of the service")?;
        Ok(Self {
            issuer: url.trim_end_matches('/').to_owned(),
            audience: environment.value_or(
                "PORTAL_TOKEN_AUDIENCE",
                "whom access tokens are for",
                AUDIENCE.to_owned(),
            )?,
        })
    }
}
