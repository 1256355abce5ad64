//! What members want to be told of, and when.

mod topic;

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::Time;
use time::macros::format_description;
use utoipa::ToSchema;

pub use topic::{Topic, TopicChoice, Topics};

/// A time of day to the minute, written `22:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "22:00")]
pub struct TimeOfDay(pub Time);

impl FromStr for TimeOfDay {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let time = Time::parse(text, format_description!("[hour]:[minute]")).ok();
        time.filter(|_| text.len() == 5)
            .map(Self)
            .ok_or("must be a time of day such as 22:00")
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.format(format_description!("[hour]:[minute]"));
        text.map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// When mails that can wait do so, in the member's own zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// From when.
    pub from: TimeOfDay,
    /// Until when; before `from` where the night lies between.
    pub until: TimeOfDay,
}

/// Everything that a member has chosen about notifications.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotificationChoices {
    /// By topic. Mails about the account's security are always sent.
    #[schema(required = false)]
    pub topics: Topics,
    /// When mails that can wait do so; null when they never have to.
    #[schema(required)]
    pub quiet_hours: Option<QuietHours>,
    /// The member's time zone, an IANA name: quiet hours and the morning of the digest are in it.
    #[schema(
        required = false,
        min_length = 1,
        max_length = 64,
        example = "America/Los_Angeles"
    )]
    pub time_zone: String,
    /// Whether other members may write messages. Who takes none writes none.
    #[schema(required = false)]
    pub accepts_messages: bool,
}

/// The zone of a member who has named none.
pub const DEFAULT_ZONE: &str = "America/Los_Angeles";

/// Whether a text has the form of an IANA name; abbreviations and offsets, which the database takes too, know no summer time.
#[must_use]
pub fn is_zone_name(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
    };
    let starts_with_letter = text.starts_with(|c: char| c.is_ascii_uppercase());
    text == "UTC" || text.len() <= 64 && text.contains('/') && starts_with_letter && text.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_have_two_digits_each() {
        let time: TimeOfDay = "07:30".parse().unwrap();
        assert_eq!(serde_json::to_value(time).unwrap(), "07:30");
        for bad in ["7:30", "24:00", "07:60", "07:30:00", "", "+7:30"] {
            assert!(bad.parse::<TimeOfDay>().is_err(), "{bad}");
        }
    }

    #[test]
    fn zones_have_names() {
        for name in [
            "America/Los_Angeles",
            "UTC",
            "America/Argentina/Buenos_Aires",
            "Etc/GMT+8",
        ] {
            assert!(is_zone_name(name), "{name}");
        }
        for name in [
            "PST",
            "GMT+8",
            "",
            "america/los_angeles",
            "A/",
            "/etc/passwd",
            "A/../b",
        ] {
            assert!(!is_zone_name(name), "{name}");
        }
    }
}
