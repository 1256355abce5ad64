//! Values in a profile that are more than text.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;
use utoipa::ToSchema;

use crate::contractor::parse_phone;
use crate::text::Line;

/// The longest address on the web, in characters.
const LONGEST_ADDRESS: usize = 300;

/// The most topics that preferences may name.
const MOST_TOPICS: usize = 50;

/// The text is not a telephone number.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("must be a telephone number such as (916) 555-1234, or +44 20 7946 0000 abroad")]
pub struct PhoneError;

/// A telephone number in E.164, such as `+19165551234`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = r"^\+[0-9]{8,15}$", example = "+19165551234")]
pub struct Phone(String);

impl TryFrom<String> for Phone {
    type Error = PhoneError;

    /// Takes a number of the North American plan in any usual spelling, and others with a plus and the country's code.
    fn try_from(text: String) -> Result<Self, PhoneError> {
        let text = text.trim();
        if text.starts_with('+') && !text.starts_with("+1") {
            let spaces = [' ', '-', '.', '(', ')', '/'];
            let digits: String = text.chars().skip(1).filter(|c| !spaces.contains(c)).collect();
            let fits = (8..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            return if fits {
                Ok(Self(format!("+{digits}")))
            } else {
                Err(PhoneError)
            };
        }
        parse_phone(text).map(Self).map_err(|_| PhoneError)
    }
}

/// Why a text is no address on the web.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum WebAddressError {
    /// Longer than there is room for.
    #[error("must have at most {LONGEST_ADDRESS} characters")]
    TooLong,
    /// Not `http` or `https`, so that following it could do more than show a page, or no host.
    #[error("must be an address such as https://www.example.com")]
    Malformed,
}

/// The address of a page: `http` or `https`, a host name, no user name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 300, pattern = r"^https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?([/?#][!-~]*)?$", example = "https://www.example.com")]
pub struct WebAddress(String);

impl TryFrom<String> for WebAddress {
    type Error = WebAddressError;

    fn try_from(text: String) -> Result<Self, WebAddressError> {
        let text = text.trim();
        if text.chars().count() > LONGEST_ADDRESS {
            return Err(WebAddressError::TooLong);
        }
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let rest = rest.ok_or(WebAddressError::Malformed)?;
        let visible = rest
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
        let is_label = |label: &str| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let is_port = (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
        if visible && is_port && host.contains('.') && host.split('.').all(is_label) {
            Ok(Self(text.to_owned()))
        } else {
            Err(WebAddressError::Malformed)
        }
    }
}

macro_rules! as_text {
    ($($name:ident),+) => {$(
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )+};
}

as_text!(Phone, WebAddress);

/// Something that a member has been certified for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Certification {
    /// What for.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub name: Line<200>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline, nullable = false)]
    pub issuer: Option<Line<200>>,
    /// In which year.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "year")]
    #[schema(minimum = 1900, maximum = 2200, nullable = false)]
    pub year: Option<i32>,
}

fn year<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<i32>, D::Error> {
    let year = Option::<i32>::deserialize(deserializer)?;
    if year.is_some_and(|year| !(1900..=2200).contains(&year)) {
        return Err(serde::de::Error::custom("must be a year from 1900 to 2200"));
    }
    Ok(year)
}

/// Why an object holds no preferences.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PreferencesError {
    /// More topics than there is room for.
    #[error("must have at most {MOST_TOPICS} topics")]
    TooMany,
    /// The name of a topic or channel.
    #[error("{0:?} is no name of a topic or channel: use 1 to 60 letters, digits and underscores")]
    Name(String),
    /// What a topic is set to.
    #[error("{0} must be true, false, or an object of channels that are true or false")]
    Choice(String),
}

/// What a member wants to be told of: each topic on or off, or each of its channels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Map<String, Value>")]
#[schema(value_type = Object)]
pub struct NotificationPreferences(Map<String, Value>);

impl NotificationPreferences {
    /// The topics with what they are set to.
    #[must_use]
    pub const fn topics(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl TryFrom<Map<String, Value>> for NotificationPreferences {
    type Error = PreferencesError;

    fn try_from(topics: Map<String, Value>) -> Result<Self, PreferencesError> {
        if topics.len() > MOST_TOPICS {
            return Err(PreferencesError::TooMany);
        }
        for (topic, choice) in &topics {
            check_name(topic)?;
            match choice {
                Value::Bool(_) => {}
                Value::Object(channels) if channels.len() <= MOST_TOPICS => {
                    channels.keys().try_for_each(|channel| check_name(channel))?;
                    if !channels.values().all(Value::is_boolean) {
                        return Err(PreferencesError::Choice(topic.clone()));
                    }
                }
                _ => return Err(PreferencesError::Choice(topic.clone())),
            }
        }
        Ok(Self(topics))
    }
}

fn check_name(name: &str) -> Result<(), PreferencesError> {
    let fits = (1..=60).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if fits {
        Ok(())
    } else {
        Err(PreferencesError::Name(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn telephone_numbers_become_e164() {
        let read = |text: &str| Phone::try_from(text.to_owned()).map(String::from);
        assert_eq!(read("(916) 555-1234").as_deref(), Ok("+19165551234"));
        assert_eq!(read("+44 20 7946 0000").as_deref(), Ok("+442079460000"));
        for text in ["", "555", "+44", "+44 20 x", "=1+1", "+1 5"] {
            assert_eq!(read(text), Err(PhoneError), "{text}");
        }
    }

    #[test]
    fn an_address_leads_to_a_page_and_nowhere_else() {
        let read = |text: &str| WebAddress::try_from(text.to_owned());
        for text in ["https://www.example.com", "http://example.com:8080/a?b=c#d"] {
            assert_eq!(&*read(text).unwrap(), text);
        }
        for text in [
            "javascript:alert(1)",
            "https://",
            "https://localhost",
            "https://user@example.com",
            "https://example.com/<script>",
            "https://example.com/a b",
            "https://example..com",
            "https://example.com:port",
        ] {
            assert_eq!(read(text), Err(WebAddressError::Malformed), "{text}");
        }
    }

    #[test]
    fn preferences_are_switches() {
        let read = |value: Value| serde_json::from_value::<NotificationPreferences>(value);
        assert!(read(json!({"digest": true, "projects": {"email": false, "inApp": true}})).is_ok());
        for bad in [
            json!({"digest": 1}),
            json!({"a b": true}),
            json!({"a": {"b": {}}}),
            json!([]),
            json!({"": true}),
        ] {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn certificates_have_a_name_and_a_possible_year() {
        let read = |value: Value| serde_json::from_value::<Certification>(value);
        assert!(read(json!({"name": "OSHA 30", "year": 2020})).is_ok());
        assert!(read(json!({"name": "OSHA 30"})).is_ok());
        for bad in [
            json!({"year": 2020}),
            json!({"name": " "}),
            json!({"name": "x", "year": 20}),
            json!({"name": "x", "by": 1}),
        ] {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
    }
}
