//! What the handlers of a function share: the database and the keys that sign cursors.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use portal_data::{ConfigError, Database, DatabaseConfig, Environment, Secrets};

use crate::cursor::{CursorKeys, SigningSecret};
use crate::problem::Problem;

/// The variable with the Secrets Manager id of the signing keys.
const SIGNING_SECRET: &str = "PORTAL_SIGNING_SECRET";

/// How long the keys are taken as they are before an unknown one is a reason to fetch them again.
const KEYS_STAY: Duration = Duration::from_secs(60);

/// The state of a function that reads or writes. Clones share everything.
#[derive(Clone)]
pub struct Portal {
    shared: Arc<Shared>,
}

struct Shared {
    database: Database,
    secrets: Secrets,
    signing_secret: String,
    keys: Mutex<Option<FetchedKeys>>,
}

/// Keys and when they were fetched.
#[derive(Clone)]
struct FetchedKeys {
    keys: Arc<CursorKeys>,
    at: Instant,
}

impl Portal {
    /// Reads `PORTAL_DATABASE_*` and `PORTAL_SIGNING_SECRET`; connects to nothing yet.
    ///
    /// # Errors
    /// When a variable is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        let signing_secret =
            Environment::process().required(SIGNING_SECRET, "the Secrets Manager id of the signing keys")?;
        let secrets = Secrets::default();
        let database = Database::new(DatabaseConfig::from_env()?, &secrets);
        Ok(Self {
            shared: Arc::new(Shared {
                database,
                secrets,
                signing_secret,
                keys: Mutex::default(),
            }),
        })
    }

    /// Fetches the keys and connects to the database, both at once, while the execution environment still starts up.
    ///
    /// What fails is tried again by the first request that needs it: a database that is away must not keep the function
    /// from starting, since it would be started again and again.
    pub async fn warm_up(&self) {
        let (database, keys) = tokio::join!(self.shared.database.warm(), self.fetch_keys());
        if let Err(error) = database {
            tracing::warn!(%error, "the database could not be reached at start-up");
        }
        if keys.is_err() {
            tracing::warn!("the signing keys could not be fetched at start-up");
        }
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.shared.database
    }

    /// The keys for the cursors of a list. A cursor of a key that is not known yet makes them be fetched again, at most once
    /// a minute, so that a new key works everywhere as soon as it signs anywhere.
    ///
    /// # Errors
    /// A 503 problem when the keys are needed and cannot be fetched.
    pub async fn cursor_keys(&self, cursor: Option<&str>) -> Result<Arc<CursorKeys>, Problem> {
        let held = self
            .shared
            .keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        match held {
            Some(held)
                if held.at.elapsed() < KEYS_STAY || cursor.is_none_or(|cursor| held.keys.know(cursor)) =>
            {
                Ok(held.keys)
            }
            _ => self.fetch_keys().await,
        }
    }

    async fn fetch_keys(&self) -> Result<Arc<CursorKeys>, Problem> {
        let secret: SigningSecret = self.shared.secrets.refetch(&self.shared.signing_secret).await?;
        let keys = CursorKeys::from_secret(secret).map_err(|error| Problem::internal(&error.to_string()))?;
        let fetched = FetchedKeys {
            keys: Arc::new(keys),
            at: Instant::now(),
        };
        let keys = Arc::clone(&fetched.keys);
        *self.shared.keys.lock().unwrap_or_else(PoisonError::into_inner) = Some(fetched);
        Ok(keys)
    }
}
