//! What the handlers of a function share: the database, the keys that sign cursors, and those that verify access tokens.

use std::sync::Arc;
use std::time::Duration;

use portal_data::{CachedSecret, ConfigError, Database, DatabaseConfig, Environment, Secrets};

use crate::cursor::CursorKeys;
use crate::problem::Problem;
use crate::token::TokenVerifier;

/// The variable with the Secrets Manager id of the signing keys.
const SIGNING_SECRET: &str = "PORTAL_SIGNING_SECRET";

/// How long the cursor keys are taken as they are: one that has been taken out is trusted no longer.
const KEYS_STAY: Duration = Duration::from_secs(600);

/// The state of a function that reads or writes. Clones share everything.
#[derive(Clone)]
pub struct Portal {
    database: Database,
    secrets: Secrets,
    cursor_keys: CachedSecret<CursorKeys>,
    tokens: TokenVerifier,
}

impl Portal {
    /// Reads `PORTAL_DATABASE_*`, `PORTAL_SIGNING_SECRET` and what [`TokenVerifier::read`] reads; connects to nothing yet.
    ///
    /// # Errors
    /// When a variable is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        let environment = Environment::process();
        let signing_secret =
            environment.required(SIGNING_SECRET, "the Secrets Manager id of the signing keys")?;
        let secrets = Secrets::default();
        Ok(Self {
            database: Database::new(DatabaseConfig::from_env()?, &secrets),
            cursor_keys: CachedSecret::new(secrets.clone(), signing_secret, KEYS_STAY),
            tokens: TokenVerifier::read(environment, secrets.clone())?,
            secrets,
        })
    }

    /// Fetches the keys and connects to the database, all at once, while the execution environment still starts up.
    ///
    /// What fails is tried again by the first request that needs it: a database that is away must not keep the function
    /// from starting, since it would be started again and again.
    pub async fn warm_up(&self) {
        let (database, cursor_keys, token_keys) = tokio::join!(
            self.database.warm(),
            self.cursor_keys.get(),
            self.tokens.public_keys()
        );
        if let Err(error) = database {
            tracing::warn!(%error, "the database could not be reached at start-up");
        }
        if let Err(error) = cursor_keys {
            tracing::warn!(%error, "the signing keys could not be fetched at start-up");
        }
        if token_keys.is_err() {
            tracing::warn!("the keys of access tokens could not be fetched at start-up");
        }
    }

    /// The database.
    #[must_use]
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// Secrets Manager.
    #[must_use]
    pub const fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// What verifies access tokens.
    #[must_use]
    pub const fn tokens(&self) -> &TokenVerifier {
        &self.tokens
    }

    /// The keys for the cursors of a list. A cursor of a key that is not known yet makes them be fetched again, so that a new
    /// key works everywhere as soon as it signs anywhere.
    ///
    /// # Errors
    /// A 503 problem when the keys are needed and cannot be fetched.
    pub async fn cursor_keys(&self, cursor: Option<&str>) -> Result<Arc<CursorKeys>, Problem> {
        let known = |keys: &CursorKeys| cursor.is_none_or(|cursor| keys.know(cursor));
        Ok(self.cursor_keys.suiting(known).await?)
    }
}
