//! What can be set in the function's environment.

use portal_data::{ConfigError, Environment};
use time::Duration;

/// The settings of the upkeep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The bucket of the seals.
    pub bucket: String,
    /// What the keys of the seals begin with, slash included.
    pub prefix: String,
    /// How long after its end a day is sealed at the earliest.
    pub grace: Duration,
    /// Before the invocation's deadline, no new piece of work is begun for so long.
    pub deadline_margin: std::time::Duration,
}

impl Settings {
    /// Reads `PORTAL_BACKUPS_BUCKET`, `PORTAL_AUDIT_SEALS_PREFIX` (`audit-seals/`), `PORTAL_AUDIT_SEAL_GRACE_MINUTES` (60) and
    /// `PORTAL_MAINTENANCE_DEADLINE_MARGIN_SECONDS` (60).
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(Environment::process())
    }

    fn read(environment: Environment<'_>) -> Result<Self, ConfigError> {
        let grace = environment.whole("PORTAL_AUDIT_SEAL_GRACE_MINUTES", 1..=1440, 60)?;
        let margin = environment.whole("PORTAL_MAINTENANCE_DEADLINE_MARGIN_SECONDS", 0..=900, 60)?;
        Ok(Self {
            bucket: environment.required("PORTAL_BACKUPS_BUCKET", "the name of the bucket for backups")?,
            prefix: environment.value_or(
                "PORTAL_AUDIT_SEALS_PREFIX",
                "the beginning of the seals' keys",
                "audit-seals/".to_owned(),
            )?,
            grace: Duration::minutes(grace),
            deadline_margin: std::time::Duration::from_secs(margin),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bucket_alone_has_no_default() {
        assert!(Settings::read(Environment::of(&[])).is_err());
        let settings = Settings::read(Environment::of(&[("PORTAL_BACKUPS_BUCKET", "b")])).unwrap();
        assert_eq!(
            (settings.prefix.as_str(), settings.grace),
            ("audit-seals/", Duration::HOUR)
        );
    }

    #[test]
    fn a_day_is_never_sealed_without_grace() {
        let variables = [
            ("PORTAL_BACKUPS_BUCKET", "b"),
            ("PORTAL_AUDIT_SEAL_GRACE_MINUTES", "0"),
        ];
        let error = Settings::read(Environment::of(&variables)).unwrap_err();
        assert!(error.to_string().contains("a whole number from 1 to 1440"));
    }
}
