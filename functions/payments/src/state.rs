//! What the handlers share.

use axum::extract::FromRef;
use portal_cashier::Cashier;
use portal_data::{ConfigError, Database, DatabaseConfig, Environment};
use portal_http::Portal;
use time::OffsetDateTime;

/// The variable with the login of those who settle payments: members' requests run as another.
const SETTLEMENT_SECRET: &str = "PORTAL_SETTLEMENT_SECRET";

/// The state of the function. Clones share everything.
#[derive(Clone)]
pub struct Payments {
    pub(crate) portal: Portal,
    pub(crate) cashier: Cashier,
    /// What time it is.
    clock: fn() -> OffsetDateTime,
}

impl Payments {
    /// Reads what [`Portal::from_env`] and [`Cashier::read`] read, and `PORTAL_SETTLEMENT_SECRET`, the Secrets Manager id of the login of
    /// `portal_jobs`; connects to nothing yet.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable that is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        let environment = Environment::process();
        let portal = Portal::from_env()?;
        let config = DatabaseConfig {
            secret_id: environment.required(
                SETTLEMENT_SECRET,
                "the Secrets Manager id of the login that settles payments",
            )?,
            readers: Vec::new(),
            ..DatabaseConfig::from_env()?
        };
        let books = Database::new(config, portal.secrets());
        Ok(Self {
            cashier: Cashier::read(environment, books, portal.secrets())?,
            portal,
            clock: OffsetDateTime::now_utc,
        })
    }

    /// What every function has.
    #[must_use]
    pub const fn portal(&self) -> &Portal {
        &self.portal
    }

    /// Connects to both databases and fetches the keys while the execution environment still starts up; what fails is tried again by the
    /// first request that needs it.
    pub async fn warm_up(&self) {
        let ((), books) = tokio::join!(self.portal.warm_up(), self.cashier.warm_up());
        if let Err(error) = books {
            tracing::warn!(%error, "the books or the keys for Stripe could not be reached at start-up");
        }
    }

    /// What time it is.
    pub(crate) fn now(&self) -> OffsetDateTime {
        (self.clock)()
    }
}

impl FromRef<Payments> for Portal {
    fn from_ref(state: &Payments) -> Self {
        state.portal.clone()
    }
}
