//! The clocks of a time zone, as `VTIMEZONE` tells them (RFC 5545, section 3.6.5): every change of the offset that matters to the
//! events of a calendar, one by one, as the zone's own rules have it.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use time::OffsetDateTime;

use super::line::Lines;
use crate::zone::{ZoneName, timestamp};

/// From one moment on, the clocks of a zone differ by this from those of Greenwich.
struct Change {
    at: Timestamp,
    from: Offset,
    to: Offset,
    is_summer: bool,
    abbreviation: String,
}

/// The clocks of a zone over a time.
pub(super) struct Clock {
    name: String,
    rules: TimeZone,
    changes: Vec<Change>,
}

impl Clock {
    /// The clocks from the first of two moments to the last; none for Greenwich, whose time needs no explaining.
    pub(super) fn of(zone: &ZoneName, first: OffsetDateTime, last: OffsetDateTime) -> Option<Self> {
        let rules = zone.rules();
        if rules == TimeZone::UTC || matches!(zone.as_str(), "UTC" | "Etc/UTC") {
            return None;
        }
        let (first, last) = (timestamp(first)?, timestamp(last)?);
        // The change that was in force when the first event begins, and those that come before the last one ends.
        let just_after = Timestamp::from_second(first.as_second() + 1).ok()?;
        let in_force = rules.preceding(just_after).next();
        let in_force = in_force.map_or(Timestamp::UNIX_EPOCH, |change| change.timestamp());
        let later = rules.following(first).map(|change| change.timestamp());
        let later = later.take_while(|at| *at <= last);
        let moments = std::iter::once(in_force).chain(later);
        let changes = moments.map(|at| change(&rules, at)).collect();
        Some(Self {
            name: zone.as_str().to_owned(),
            rules,
            changes,
        })
    }

    /// A moment on the clocks of the zone. None in the hour that they show twice, when it is the second time: a local time means the
    /// first (section 3.3.5).
    pub(super) fn shows(&self, moment: OffsetDateTime) -> Option<String> {
        let instant = timestamp(moment)?;
        let zoned = Zoned::new(instant, self.rules.clone());
        let first = self
            .rules
            .to_ambiguous_zoned(zoned.datetime())
            .compatible()
            .ok()?;
        (first.timestamp() == instant).then(|| local(&zoned))
    }

    pub(super) fn write(&self, lines: &mut Lines) {
        lines.plain("BEGIN", "VTIMEZONE");
        lines.plain("TZID", &self.name);
        for change in &self.changes {
            let kind = if change.is_summer { "DAYLIGHT" } else { "STANDARD" };
            lines.plain("BEGIN", kind);
            // The moment by the clocks of before the change.
            lines.plain(
                "DTSTART",
                &local(&Zoned::new(change.at, change.from.to_time_zone())),
            );
            lines.plain("TZOFFSETFROM", &offset(change.from));
            lines.plain("TZOFFSETTO", &offset(change.to));
            lines.plain("TZNAME", &change.abbreviation);
            lines.plain("END", kind);
        }
        lines.plain("END", "VTIMEZONE");
    }
}

fn change(rules: &TimeZone, at: Timestamp) -> Change {
    let before = Timestamp::from_second(at.as_second() - 1).unwrap_or(at);
    let now = rules.to_offset_info(at);
    Change {
        at,
        from: rules.to_offset(before),
        to: now.offset(),
        is_summer: now.dst().is_dst(),
        abbreviation: now.abbreviation().to_owned(),
    }
}

/// An offset as `+hhmm`, with seconds where there are any.
fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.abs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match rest {
        0 => format!("{sign}{hours:02}{minutes:02}"),
        rest => format!("{sign}{hours:02}{minutes:02}{rest:02}"),
    }
}

fn local(zoned: &Zoned) -> String {
    zoned.strftime("%Y%m%dT%H%M%S").to_string()
}

/// A moment as its own clock shows it.
pub(super) fn written(moment: OffsetDateTime) -> String {
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}",
        moment.year(),
        u8::from(moment.month()),
        moment.day(),
        moment.hour(),
        moment.minute(),
        moment.second()
    )
}
