//! Time zones by their names in the IANA database.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::{OffsetDateTime, UtcOffset};

/// The text names no time zone.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("must be a time zone by its IANA name, such as America/Los_Angeles")]
pub struct ZoneError;

/// The name that the IANA database has for a clock which nobody has set yet.
const NOWHERE: &str = "Factory";

/// The name of a time zone that there is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ZoneName(String);

impl ZoneName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The zone's rules.
    pub(crate) fn rules(&self) -> TimeZone {
        // There is one by this name, or there were no `ZoneName`.
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }

    /// A moment as the clocks of the zone show it.
    #[must_use]
    pub fn on_its_clocks(&self, moment: OffsetDateTime) -> OffsetDateTime {
        let offset = timestamp(moment).map(|at| self.rules().to_offset(at));
        let shown = offset.and_then(|offset| UtcOffset::from_whole_seconds(offset.seconds()).ok());
        shown.map_or(moment, |offset| moment.to_offset(offset))
    }

    /// A moment in words, on the clocks of the zone: `Sunday, 8 March 2026, 18:30 PDT`.
    #[must_use]
    pub fn in_words(&self, moment: OffsetDateTime) -> Option<String> {
        let zoned = Zoned::new(timestamp(moment)?, self.rules());
        Some(zoned.strftime("%A, %-d %B %Y, %H:%M %Z").to_string())
    }
}

/// A moment as the library of time zones has it, to the second.
pub(crate) fn timestamp(moment: OffsetDateTime) -> Option<Timestamp> {
    Timestamp::from_second(moment.unix_timestamp()).ok()
}

impl Default for ZoneName {
    /// That of the association.
    fn default() -> Self {
        Self("America/Los_Angeles".to_owned())
    }
}

impl TryFrom<String> for ZoneName {
    type Error = ZoneError;

    fn try_from(name: String) -> Result<Self, ZoneError> {
        // The database knows names in any case; one spelling is kept.
        let zone = TimeZone::get(&name).map_err(|_| ZoneError)?;
        let known = zone.iana_name().filter(|name| *name != NOWHERE);
        Ok(Self(known.ok_or(ZoneError)?.to_owned()))
    }
}

impl From<ZoneName> for String {
    fn from(name: ZoneName) -> Self {
        name.0
    }
}

impl utoipa::PartialSchema for ZoneName {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("A time zone by its IANA name."))
            .examples([serde_json::json!("America/Los_Angeles")])
            .build()
            .into()
    }
}

impl utoipa::ToSchema for ZoneName {
    fn name() -> std::borrow::Cow<'static, str> {
        "ZoneName".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn zone(name: &str) -> Result<ZoneName, ZoneError> {
        name.to_owned().try_into()
    }

    #[test]
    fn a_zone_is_one_that_there_is() {
        assert_eq!(zone("america/los_angeles").unwrap(), ZoneName::default());
        assert_eq!(zone("utc").unwrap().as_str(), "UTC");
        for none in [
            "",
            "PST8",
            "Mars/Olympus",
            "+08:00",
            "America",
            "Factory",
            "factory",
            "Etc/Unknown",
        ] {
            assert_eq!(zone(none), Err(ZoneError), "{none}");
        }
    }

    #[test]
    fn a_moment_is_told_by_the_clocks_of_the_zone() {
        let said = |name: &str, moment| zone(name).unwrap().in_words(moment).unwrap();
        let winter = datetime!(2026-03-08 09:30:00 UTC);
        let summer = datetime!(2026-03-08 10:30:00 UTC);
        assert_eq!(
            said("America/Los_Angeles", winter),
            "Sunday, 8 March 2026, 01:30 PST"
        );
        assert_eq!(
            said("America/Los_Angeles", summer),
            "Sunday, 8 March 2026, 03:30 PDT"
        );
        assert_eq!(said("UTC", winter), "Sunday, 8 March 2026, 09:30 UTC");
    }
}
