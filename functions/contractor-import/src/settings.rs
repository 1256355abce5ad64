//! What can be set in the function's environment.

use std::time::Duration;

use portal_data::ConfigError;

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
        Self::from_lookup(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()))
    }

    fn from_lookup(lookup: impl Fn(&'static str) -> Option<String>) -> Result<Self, ConfigError> {
        let number = |name, default: u32, most: u32| match lookup(name) {
            None => Ok(default),
            Some(value) => {
                let number = value.trim().parse().ok().filter(|number| *number <= most);
                number.ok_or(ConfigError::Invalid {
                    name,
                    value,
                    expected: "a whole number in range",
                })
            }
        };
        let margin = number("PORTAL_IMPORT_DEADLINE_MARGIN_SECONDS", 60, 900)?;
        Ok(Self {
            deadline_margin: Duration::from_secs(u64::from(margin)),
            max_removed_percent: number("PORTAL_IMPORT_MAX_REMOVED_PERCENT", 5, 100)?,
            function: lookup("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_else(|| "contractor-import".to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_defaults() {
        let settings = Settings::from_lookup(|_| None).unwrap();
        assert_eq!(
            (settings.deadline_margin.as_secs(), settings.max_removed_percent),
            (60, 5)
        );
    }

    #[test]
    fn a_bad_number_is_named() {
        let error = Settings::from_lookup(|name| {
            (name == "PORTAL_IMPORT_MAX_REMOVED_PERCENT").then(|| "101".to_owned())
        });
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("PORTAL_IMPORT_MAX_REMOVED_PERCENT")
        );
    }
}
