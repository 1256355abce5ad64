//! What can be set in the function's environment.

use portal_data::{ConfigError, Environment};
use time::Duration;

/// The settings of the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How old an open payment is when Stripe is asked about it.
    pub asked_after: Duration,
    /// How old an open payment is when it is called off.
    pub abandoned_after: Duration,
    /// How far back Stripe's lists are read beyond what was read before: what it lists late is not missed.
    pub overlap: Duration,
    /// How far back its list of refunds is read in any case: one that was made may fail for weeks.
    pub refunds_look: Duration,
    /// How far back they are read the first time.
    pub first_look: Duration,
    /// Before the invocation's deadline, nothing new is begun for so long.
    pub deadline_margin: std::time::Duration,
}

impl Settings {
    /// Reads `PORTAL_BILLING_ASKED_AFTER_MINUTES` (60), `PORTAL_BILLING_ABANDONED_AFTER_HOURS` (24) and `PORTAL_BILLING_OVERLAP_HOURS` (72).
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(Environment::process())
    }

    fn read(environment: Environment<'_>) -> Result<Self, ConfigError> {
        let asked = environment.whole("PORTAL_BILLING_ASKED_AFTER_MINUTES", 0..=1440, 60_i64)?;
        let abandoned = environment.whole("PORTAL_BILLING_ABANDONED_AFTER_HOURS", 1..=720, 24_i64)?;
        let overlap = environment.whole("PORTAL_BILLING_OVERLAP_HOURS", 1..=720, 72_i64)?;
        Ok(Self {
            asked_after: Duration::minutes(asked),
            abandoned_after: Duration::hours(abandoned),
            overlap: Duration::hours(overlap),
            ..Self::default()
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            asked_after: Duration::HOUR,
            abandoned_after: Duration::DAY,
            overlap: Duration::days(3),
            refunds_look: Duration::days(45),
            first_look: Duration::days(30),
            deadline_margin: std::time::Duration::from_secs(60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_as_usual() {
        assert_eq!(Settings::read(Environment::of(&[])).unwrap(), Settings::default());
        let variables = [("PORTAL_BILLING_OVERLAP_HOURS", "0")];
        let error = Settings::read(Environment::of(&variables)).unwrap_err();
        assert!(error.to_string().contains("a whole number from 1 to 720"));
    }
}
