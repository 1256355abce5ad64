//! Days and moments as they are written in JSON.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};
use utoipa::ToSchema;

/// A day, written `2026-08-24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = Date, example = "2026-08-24")]
pub struct Day(pub Date);

/// An instant, written in RFC 3339 and UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-08-24T17:00:00Z")]
pub struct Moment(pub OffsetDateTime);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.format(format_description!("[year]-[month]-[day]"));
        text.map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.to_offset(UtcOffset::UTC).format(&Rfc3339);
        text.map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl std::str::FromStr for Day {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let day = Date::parse(text, format_description!("[year]-[month]-[day]"));
        // PostgreSQL and JSON clients agree on these years; beyond them a date is a slip of the finger.
        let day = day.ok().filter(|day| (1900..=2200).contains(&day.year()));
        day.map(Self)
            .ok_or("must be a day from 1900 to 2200, such as 2026-08-24")
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // As ISO 8601 has it, which is how the library shows a date.
        self.0.fmt(formatter)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl std::str::FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok();
        // The last hours of the year 9999 may lie beyond it in UTC, where there is no date for them.
        let moment = moment.and_then(|moment| moment.checked_to_offset(UtcOffset::UTC));
        let moment = moment.ok_or("must be an RFC 3339 date and time, such as 2026-08-24T17:00:00Z")?;
        // As of days; and what is reckoned from a moment stays within what can be written.
        if !(1900..=2200).contains(&moment.year()) {
            return Err("must be in a year from 1900 to 2200");
        }
        Ok(Self(moment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn days_and_moments_are_written_as_iso_8601_has_them() {
        assert_eq!(
            serde_json::to_value(Day(date!(2026 - 08 - 04))).unwrap(),
            "2026-08-04"
        );
        let moment = Moment(datetime!(2026-08-24 10:00:00 -7));
        assert_eq!(serde_json::to_value(moment).unwrap(), "2026-08-24T17:00:00Z");
        assert_eq!("2026-08-24T10:00:00-07:00".parse::<Moment>().unwrap(), moment);
        assert!("2026-08-24".parse::<Moment>().is_err());
    }

    #[test]
    fn a_moment_beyond_all_years_is_no_moment() {
        for text in ["9999-12-31T23:59:59-00:01", "9999-12-31T12:00:00-23:59"] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
            assert!(serde_json::from_value::<Moment>(text.into()).is_err(), "{text}");
        }
        for text in [
            "9999-12-31T23:59:59+23:59",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+23:59",
            "1899-12-31T23:59:59Z",
            "2201-01-01T00:00:00Z",
        ] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
        for text in ["1900-01-01T00:00:00Z", "2200-12-31T23:59:59Z"] {
            assert!(text.parse::<Moment>().is_ok(), "{text}");
            assert!(serde_json::from_value::<Moment>(text.into()).is_ok(), "{text}");
        }
    }
}
