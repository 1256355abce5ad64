//! A function's settings: variables of its environment, read by name.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// What is wrong with the environment.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// A variable that must be there is not.
    #[error("environment variable {name} is not set: {expected} is expected")]
    Missing {
        /// The variable.
        name: &'static str,
        /// What it should hold.
        expected: &'static str,
    },
    /// A variable is there but cannot be used.
    #[error("environment variable {name} is {value:?}: {expected} is expected")]
    Invalid {
        /// The variable.
        name: &'static str,
        /// What it holds.
        value: String,
        /// What it should hold.
        expected: String,
    },
}

/// Where settings are read from. White space around a value does not count, and a value of nothing else is as good as none.
///
/// What a setting should hold is said in `expected`, as it reads before "is expected": "host:port".
#[derive(Clone, Copy, Debug)]
pub struct Environment<'a>(Source<'a>);

#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    Process,
    Given(&'a [(&'a str, &'a str)]),
}

impl Environment<'static> {
    /// The environment of this process.
    #[must_use]
    pub const fn process() -> Self {
        Self(Source::Process)
    }
}

impl<'a> Environment<'a> {
    /// These names and values, and no others.
    #[must_use]
    pub const fn of(variables: &'a [(&'a str, &'a str)]) -> Self {
        Self(Source::Given(variables))
    }

    /// A setting that must be there.
    ///
    /// # Errors
    /// [`ConfigError`] when it is not there, or is no `T`.
    pub fn required<T: FromStr>(self, name: &'static str, expected: &'static str) -> Result<T, ConfigError> {
        self.optional(name, expected)?
            .ok_or(ConfigError::Missing { name, expected })
    }

    /// A setting that may be left out.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] when it is there and no `T`.
    pub fn optional<T: FromStr>(self, name: &'static str, expected: &str) -> Result<Option<T>, ConfigError> {
        self.text(name)
            .map(|text| parse(name, &text, expected))
            .transpose()
    }

    /// A setting that is `default` where it is left out.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] when it is there and no `T`.
    pub fn value_or<T: FromStr>(
        self,
        name: &'static str,
        expected: &str,
        default: T,
    ) -> Result<T, ConfigError> {
        Ok(self.optional(name, expected)?.unwrap_or(default))
    }

    /// A whole number in a range, `default` where it is left out.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`], which tells the range.
    pub fn whole<T>(self, name: &'static str, range: RangeInclusive<T>, default: T) -> Result<T, ConfigError>
    where
        T: FromStr + PartialOrd + Display,
    {
        let Some(text) = self.text(name) else {
            return Ok(default);
        };
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let expected = format!("a whole number from {} to {}", range.start(), range.end());
            invalid(name, &text, expected)
        })
    }

    /// Values with commas between; none where the setting is left out. `expected` is about one of them.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] with the first that is no `T`.
    pub fn list<T: FromStr>(self, name: &'static str, expected: &str) -> Result<Vec<T>, ConfigError> {
        self.text(name)
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(|one| parse(name, one, expected))
            .collect()
    }

    fn text(self, name: &str) -> Option<String> {
        let text = match self.0 {
            Source::Process => std::env::var(name).ok()?,
            Source::Given(variables) => {
                let (_, value) = variables.iter().find(|(given, _)| *given == name)?;
                (*value).to_owned()
            }
        };
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

fn parse<T: FromStr>(name: &'static str, text: &str, expected: &str) -> Result<T, ConfigError> {
    text.parse().map_err(|_| invalid(name, text, expected.to_owned()))
}

fn invalid(name: &'static str, text: &str, expected: String) -> ConfigError {
    ConfigError::Invalid {
        name,
        value: text.to_owned(),
        expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: Environment<'static> = Environment::of(&[
        ("PORT", " 80 "),
        ("NAME", "x"),
        ("BLANK", " "),
        ("PORTS", "1, 2,"),
    ]);

    #[test]
    fn values_are_typed_and_blank_ones_are_as_good_as_none() {
        assert_eq!(SETTINGS.required("PORT", "a port"), Ok(80_u16));
        assert_eq!(SETTINGS.optional::<u16>("BLANK", "a port"), Ok(None));
        assert_eq!(SETTINGS.value_or("BLANK", "a port", 7), Ok(7));
        assert_eq!(SETTINGS.value_or("PORT", "a port", 7), Ok(80));
        assert_eq!(SETTINGS.list("PORTS", "a port"), Ok(vec![1, 2]));
        assert_eq!(SETTINGS.list::<u16>("BLANK", "a port"), Ok(Vec::new()));
    }

    #[test]
    fn an_error_names_the_variable_and_says_what_is_wrong_and_what_is_expected() {
        let missing = SETTINGS.required::<u16>("BLANK", "a port").unwrap_err();
        assert_eq!(
            missing.to_string(),
            "environment variable BLANK is not set: a port is expected"
        );
        let message = "environment variable NAME is \"x\": a port is expected";
        let faults = [
            SETTINGS.required::<u16>("NAME", "a port").unwrap_err(),
            SETTINGS.value_or("NAME", "a port", 7).unwrap_err(),
            SETTINGS.list::<u16>("NAME", "a port").unwrap_err(),
        ];
        for fault in faults {
            assert_eq!(fault.to_string(), message);
        }
    }

    #[test]
    fn a_number_out_of_range_is_refused_with_the_range() {
        assert_eq!(SETTINGS.whole("PORT", 1..=80, 5), Ok(80));
        assert_eq!(SETTINGS.whole("BLANK", 1..=80, 5), Ok(5));
        let refused = |range| SETTINGS.whole("PORT", range, 5).unwrap_err().to_string();
        assert!(refused(1..=79).ends_with("a whole number from 1 to 79 is expected"));
        assert!(refused(81..=99).contains("PORT is \"80\""));
        assert!(SETTINGS.whole("NAME", 1..=80, 5).is_err());
    }
}
