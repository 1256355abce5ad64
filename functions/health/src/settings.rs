//! What can be set in the function's environment.

use portal_data::health::Given;
use portal_data::{ConfigError, Environment};
use time::Duration;

/// The settings of the function.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The SNS topic that people subscribe to.
    pub topic: String,
    /// Where the runbook is; the name of a check is the anchor of its section.
    pub runbook: String,
    /// How long nothing must have been wrong before an alert is over, so that what comes and goes is told once.
    pub calm: Duration,
    /// How large the server's disk is, where it is ours, and how old the newest proven backup may be.
    pub given: Given,
    /// Before the invocation's deadline, nobody is told anything new for so long.
    pub deadline_margin: std::time::Duration,
}

impl Settings {
    /// Reads `PORTAL_ALERTS_TOPIC`, `PORTAL_RUNBOOK_URL` (`docs/operations.md`), `PORTAL_HEALTH_CALM_MINUTES` (10),
    /// `PORTAL_HEALTH_BACKUP_HOURS` (26) and `PORTAL_HEALTH_DISK_BYTES`.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(Environment::process())
    }

    fn read(environment: Environment<'_>) -> Result<Self, ConfigError> {
        Ok(Self {
            topic: environment.required("PORTAL_ALERTS_TOPIC", "the ARN of the SNS topic for alerts")?,
            runbook: environment.value_or(
                "PORTAL_RUNBOOK_URL",
                "the address of the runbook",
                "docs/operations.md".to_owned(),
            )?,
            calm: Duration::minutes(environment.whole("PORTAL_HEALTH_CALM_MINUTES", 0..=1440, 10)?),
            given: Given {
                disk_bytes: match environment.whole("PORTAL_HEALTH_DISK_BYTES", 0..=i64::MAX, 0)? {
                    0 => None,
                    bytes => Some(bytes),
                },
                backup_hours: environment
                    .whole::<u16>("PORTAL_HEALTH_BACKUP_HOURS", 1..=1000, 26)?
                    .into(),
            },
            deadline_margin: std::time::Duration::from_secs(10),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topic_alone_has_no_default() {
        assert!(Settings::read(Environment::of(&[])).is_err());
        let settings = Settings::read(Environment::of(&[("PORTAL_ALERTS_TOPIC", "arn:t")])).unwrap();
        assert_eq!(
            (settings.calm, settings.given.disk_bytes),
            (Duration::minutes(10), None)
        );
        assert_eq!(settings.runbook, "docs/operations.md");
        // As the check itself has it.
        assert!((settings.given.backup_hours - 26.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_disk_has_a_size() {
        let variables = [
            ("PORTAL_ALERTS_TOPIC", "arn:t"),
            ("PORTAL_HEALTH_DISK_BYTES", "107374182400"),
        ];
        let settings = Settings::read(Environment::of(&variables)).unwrap();
        assert_eq!(settings.given.disk_bytes, Some(107_374_182_400));
        let variables = [
            ("PORTAL_ALERTS_TOPIC", "arn:t"),
            ("PORTAL_HEALTH_DISK_BYTES", "-1"),
        ];
        assert!(Settings::read(Environment::of(&variables)).is_err());
    }
}
