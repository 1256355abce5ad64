//! What can be set in the function's environment.

use std::time::Duration;

use portal_data::{ConfigError, Environment};

/// The settings of the import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Before the invocation's deadline, no new part is begun for so long.
    pub deadline_margin: Duration,
    /// Of a hundred live licences, how many may vanish from the file at once.
    pub max_removed_percent: u32,
    /// The name of this function, which it continues itself by.
    pub function: String,
}

impl Settings {
    /// Reads `PORTAL_IMPORT_DEADLINE_MARGIN_SECONDS` (60), `PORTAL_IMPORT_MAX_REMOVED_PERCENT` (5) and
    /// `AWS_LAMBDA_FUNCTION_NAME`.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(Environment::process())
    }

    fn read(environment: Environment<'_>) -> Result<Self, ConfigError> {
        let margin = environment.whole("PORTAL_IMPORT_DEADLINE_MARGIN_SECONDS", 0..=900, 60)?;
        Ok(Self {
            deadline_margin: Duration::from_secs(margin),
            max_removed_percent: environment.whole("PORTAL_IMPORT_MAX_REMOVED_PERCENT", 0..=100, 5)?,
            function: environment.value_or(
                "AWS_LAMBDA_FUNCTION_NAME",
                "the function's name",
                "contractor-import".to_owned(),
            )?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_defaults() {
        let settings = Settings::read(Environment::of(&[])).unwrap();
        assert_eq!(
            (settings.deadline_margin.as_secs(), settings.max_removed_percent),
            (60, 5)
        );
    }

    #[test]
    fn a_bad_number_is_named() {
        let variables = [("PORTAL_IMPORT_MAX_REMOVED_PERCENT", "101")];
        let error = Settings::read(Environment::of(&variables)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "environment variable PORTAL_IMPORT_MAX_REMOVED_PERCENT is \"101\": a whole number from 0 to 100 is expected"
        );
    }
}
