//! What the handlers share.

use axum::extract::FromRef;
use portal_data::enrollments::{self, Issuing};
use portal_data::{ConfigError, Environment};
use portal_domain::course::{CertificateNumber, LearningTerms};
use portal_http::Portal;
use time::OffsetDateTime;

/// The state of the function. Clones share everything.
#[derive(Clone)]
pub struct Learning {
    pub(crate) portal: Portal,
    pub(crate) terms: LearningTerms,
    /// What time it is.
    clock: fn() -> OffsetDateTime,
    /// Chance, for numbers of certificates.
    random: fn() -> u128,
}

impl Learning {
    /// Reads what [`Portal::from_env`] and [`enrollments::terms`] read; connects to nothing yet.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable that is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            portal: Portal::from_env()?,
            terms: enrollments::terms(Environment::process())?,
            clock: OffsetDateTime::now_utc,
            random: rand::random,
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

    /// What it takes to give a certificate now.
    pub(crate) fn issuing(&self) -> Issuing {
        Issuing {
            now: self.now(),
            random: self.random,
        }
    }

    /// Where anyone verifies a certificate: an address of the API, which answers browsers with a page.
    pub(crate) fn verification_address(&self, number: &CertificateNumber) -> String {
        let base = self.portal.tokens().settings().issuer.trim_end_matches('/');
        format!("{base}/v1/certificates/{number}")
    }
}

impl FromRef<Learning> for Portal {
    fn from_ref(state: &Learning) -> Self {
        state.portal.clone()
    }
}
