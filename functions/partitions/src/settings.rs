//! What can be set in the function's environment.

use std::time::Duration;

use portal_data::{ConfigError, Environment};

/// The settings of the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The bucket of the archives.
    pub bucket: String,
    /// What the keys of the archives begin with, slash included.
    pub prefix: String,
    /// How long a lock is waited for. Whoever writes to the table waits behind this function meanwhile.
    pub lock_timeout: Duration,
    /// Rows that are copied out of the default partition at once, before it is changed over.
    pub batch: i32,
    /// Before the invocation's deadline, no new piece of work is begun for so long.
    pub deadline_margin: Duration,
}

impl Settings {
    /// Reads `PORTAL_BACKUPS_BUCKET`, `PORTAL_ARCHIVES_PREFIX` (`archives/`), `PORTAL_PARTITIONS_LOCK_TIMEOUT_MS` (3000),
    /// `PORTAL_PARTITIONS_BATCH` (10000) and `PORTAL_PARTITIONS_DEADLINE_MARGIN_SECONDS` (120).
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(Environment::process())
    }

    fn read(environment: Environment<'_>) -> Result<Self, ConfigError> {
        let lock_timeout = environment.whole("PORTAL_PARTITIONS_LOCK_TIMEOUT_MS", 1..=60_000, 3000)?;
        let margin = environment.whole("PORTAL_PARTITIONS_DEADLINE_MARGIN_SECONDS", 0..=900, 120)?;
        Ok(Self {
            bucket: environment.required("PORTAL_BACKUPS_BUCKET", "the name of the bucket for backups")?,
            prefix: environment.value_or(
                "PORTAL_ARCHIVES_PREFIX",
                "the beginning of the archives' keys",
                "archives/".to_owned(),
            )?,
            lock_timeout: Duration::from_millis(lock_timeout),
            batch: environment.whole("PORTAL_PARTITIONS_BATCH", 1..=1_000_000, 10_000)?,
            deadline_margin: Duration::from_secs(margin),
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
        assert_eq!((settings.prefix.as_str(), settings.batch), ("archives/", 10_000));
        assert_eq!(settings.lock_timeout, Duration::from_secs(3));
    }

    #[test]
    fn a_lock_is_never_waited_for_without_end() {
        let variables = [
            ("PORTAL_BACKUPS_BUCKET", "b"),
            ("PORTAL_PARTITIONS_LOCK_TIMEOUT_MS", "0"),
        ];
        let error = Settings::read(Environment::of(&variables)).unwrap_err();
        assert!(error.to_string().contains("a whole number from 1 to 60000"));
    }
}
