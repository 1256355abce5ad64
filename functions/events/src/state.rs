//! What the handlers share.

use std::time::Duration;

use axum::extract::FromRef;
use portal_data::{CachedSecret, ConfigError, Environment, registrations};
use portal_domain::event::SeatTerms;
use portal_http::Portal;
use portal_jobs::FileBucket;
use time::OffsetDateTime;

use crate::ticket_keys::TicketKeys;

/// How long the keys of tickets are taken as they are.
const KEYS_STAY: Duration = Duration::from_secs(600);

/// The state of the function. Clones share everything.
#[derive(Clone)]
pub struct Events {
    pub(crate) portal: Portal,
    pub(crate) terms: SeatTerms,
    pub(crate) files: FileBucket,
    /// What the addresses of pages begin with.
    pub(crate) web_url: String,
    /// The largest file that is taken, in bytes.
    pub(crate) max_file_bytes: i64,
    pub(crate) ticket_keys: CachedSecret<TicketKeys>,
    /// What time it is.
    pub(crate) clock: fn() -> OffsetDateTime,
}

impl Events {
    /// Reads what [`Portal::from_env`] and [`registrations::terms`] read, and `PORTAL_TICKET_KEYS_SECRET`, `PORTAL_FILES_BUCKET`,
    /// `PORTAL_FILES_MAX_BYTES` and `PORTAL_WEB_URL` (`PORTAL_PUBLIC_URL` unless set); connects to nothing yet.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable that is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        let environment = Environment::process();
        let portal = Portal::from_env()?;
        let keys = environment.required(
            "PORTAL_TICKET_KEYS_SECRET",
            "the Secrets Manager id of the keys that sign tickets",
        )?;
        let web_url = environment.value_or(
            "PORTAL_WEB_URL",
            "the address that links to pages begin with",
            portal.tokens().settings().issuer.clone(),
        )?;
        Ok(Self {
            web_url,
            terms: registrations::terms(environment)?,
            files: FileBucket::from_env()?,
            max_file_bytes: portal_jobs::largest_file(environment)?,
            ticket_keys: CachedSecret::new(portal.secrets().clone(), keys, KEYS_STAY),
            clock: OffsetDateTime::now_utc,
            portal,
        })
    }

    /// What every function has.
    #[must_use]
    pub const fn portal(&self) -> &Portal {
        &self.portal
    }

    /// What time it is.
    pub(crate) fn now(&self) -> OffsetDateTime {
        (self.clock)()
    }
}

impl FromRef<Events> for Portal {
    fn from_ref(state: &Events) -> Self {
        state.portal.clone()
    }
}
