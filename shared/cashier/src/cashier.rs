//! The two sides, and how they are reached.

use std::time::Duration;

use portal_data::payments::{self, Terms};
use portal_data::{CachedSecret, ConfigError, Database, Environment, RequestContext, Secrets, Tx};
use portal_domain::Caller;
use portal_stripe::{ApiKey, ApiKeys, Config, DEFAULT_API, KeyError, Stripe, StripeSecret, WebhookSecret};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::CashierError;

/// How long the keys are taken as they are.
const KEYS_STAY: Duration = Duration::from_secs(600);

/// The books, as jobs write them, and Stripe. Clones share everything.
#[derive(Clone)]
pub struct Cashier {
    pub(crate) database: Database,
    pub(crate) stripe: Stripe,
    pub(crate) terms: Terms,
    keys: Option<CachedSecret<StripeSecret>>,
    clock: fn() -> OffsetDateTime,
}

impl Cashier {
    /// Reads `PORTAL_STRIPE_API` (Stripe's own address), `PORTAL_STRIPE_SECRET` (`portal/stripe`) and what [`payments::terms`] reads;
    /// connects to nothing yet. `database` logs in as `portal_jobs`.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn read(
        environment: Environment<'_>,
        database: Database,
        secrets: &Secrets,
    ) -> Result<Self, ConfigError> {
        let api = environment.value_or(
            "PORTAL_STRIPE_API",
            "the address of Stripe's API",
            DEFAULT_API.to_owned(),
        )?;
        let secret = environment.value_or(
            "PORTAL_STRIPE_SECRET",
            "the Secrets Manager id of the keys for Stripe",
            "portal/stripe".to_owned(),
        )?;
        let keys = CachedSecret::<StripeSecret>::new(secrets.clone(), secret, KEYS_STAY);
        let held = keys.clone();
        let give = ApiKeys::from_fn(move |refused: Option<ApiKey>| {
            let held = held.clone();
            async move {
                let suits = |secret: &StripeSecret| Some(&secret.api_key) != refused.as_ref();
                let secret = held.suiting(suits).await.map_err(KeyError::from)?;
                Ok(secret.api_key.clone())
            }
        });
        Ok(Self {
            keys: Some(keys),
            ..Self::new(
                database,
                Stripe::new(Config::new(&api), give),
                payments::terms(environment)?,
                OffsetDateTime::now_utc,
            )
        })
    }

    /// The books in this database, and this Stripe; without the secrets of webhooks.
    #[must_use]
    pub fn new(database: Database, stripe: Stripe, terms: Terms, clock: fn() -> OffsetDateTime) -> Self {
        Self {
            database,
            stripe,
            terms,
            keys: None,
            clock,
        }
    }

    /// What webhooks are signed with.
    ///
    /// # Errors
    /// [`CashierError::Data`] when they cannot be had.
    pub async fn webhook_secrets(&self) -> Result<Vec<WebhookSecret>, CashierError> {
        let Some(keys) = &self.keys else {
            return Ok(Vec::new());
        };
        let secret = keys.get().await.map_err(portal_data::DataError::from)?;
        Ok(secret.webhook_secrets.clone())
    }

    /// Opens the connection that the first step will use.
    ///
    /// # Errors
    /// [`CashierError::Data`]; the first step tries again.
    pub async fn warm_up(&self) -> Result<(), CashierError> {
        if let Some(keys) = &self.keys {
            keys.get().await.map_err(portal_data::DataError::from)?;
        }
        Ok(self.database.warm().await?)
    }

    /// What goes for payments.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Stripe.
    #[must_use]
    pub const fn stripe(&self) -> &Stripe {
        &self.stripe
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        (self.clock)()
    }

    /// Begins a transaction of a job whose audit rows name this request or run.
    ///
    /// # Errors
    /// [`portal_data::DataError`].
    pub async fn begin(&self, run: Uuid) -> Result<Tx, portal_data::DataError> {
        self.database
            .begin(&RequestContext::new(run, Caller::Anonymous))
            .await
    }
}
