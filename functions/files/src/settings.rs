//! What can be set in the function's environment.

use portal_data::{ConfigError, Environment};
use time::Duration;

/// The settings of the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Before the invocation's deadline, no new piece of work is begun for so long.
    pub deadline_margin: std::time::Duration,
    /// From when on the sweep asks S3 for an upload whose event has not come: by then its address works no longer.
    pub overdue_after: Duration,
    /// From when on a pending upload without an object, and an object without a row, are orphans.
    pub orphaned_after: Duration,
    /// For how long files are kept that were taken away.
    pub deleted_kept: Duration,
    /// How many rows of each kind one sweep looks at, at most.
    pub sweep_rows: i64,
    /// How many objects one sweep looks at, at most; the next goes on behind them.
    pub sweep_objects: usize,
}

impl Settings {
    /// Reads `PORTAL_FILES_KEEP_DELETED_DAYS` (30), `PORTAL_FILES_SWEEP_ROWS` (1,000), `PORTAL_FILES_SWEEP_OBJECTS` (10,000) and
    /// `PORTAL_FILES_DEADLINE_MARGIN_SECONDS` (30).
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(Environment::process())
    }

    fn read(environment: Environment<'_>) -> Result<Self, ConfigError> {
        let unset = Self::default();
        let margin = unset.deadline_margin.as_secs();
        let margin = environment.whole("PORTAL_FILES_DEADLINE_MARGIN_SECONDS", 0..=900, margin)?;
        let kept = unset.deleted_kept.whole_days();
        let kept = environment.whole("PORTAL_FILES_KEEP_DELETED_DAYS", 1..=3650, kept)?;
        Ok(Self {
            deadline_margin: std::time::Duration::from_secs(margin),
            deleted_kept: Duration::days(kept),
            sweep_rows: environment.whole("PORTAL_FILES_SWEEP_ROWS", 1..=100_000, unset.sweep_rows)?,
            sweep_objects: environment.whole(
                "PORTAL_FILES_SWEEP_OBJECTS",
                1..=1_000_000,
                unset.sweep_objects,
            )?,
            ..unset
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            deadline_margin: std::time::Duration::from_secs(30),
            overdue_after: Duration::minutes(20),
            orphaned_after: Duration::DAY,
            deleted_kept: Duration::days(30),
            sweep_rows: 1_000,
            sweep_objects: 10_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portal_jobs::UPLOAD_LIFETIME;

    #[test]
    fn an_empty_environment_gives_the_defaults() {
        assert_eq!(Settings::read(Environment::of(&[])).unwrap(), Settings::default());
    }

    #[test]
    fn an_upload_is_not_overdue_while_its_address_works() {
        assert!(Settings::default().overdue_after > UPLOAD_LIFETIME);
    }

    #[test]
    fn a_bad_number_is_named() {
        let error = Settings::read(Environment::of(&[("PORTAL_FILES_SWEEP_ROWS", "0")])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "environment variable PORTAL_FILES_SWEEP_ROWS is \"0\": a whole number from 1 to 100000 is expected"
        );
    }
}
