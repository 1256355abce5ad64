//! Events as iCalendar (RFC 5545), for the calendars that people keep.

mod line;
mod zones;

use std::collections::BTreeMap;

use time::{OffsetDateTime, UtcOffset};

use crate::event::{EventStatus, EventType};
use crate::geo::LatLng;
use crate::ids::EventId;
use crate::listing::{EventListing, Moment};
use crate::zone::ZoneName;
use line::Lines;
use zones::Clock;

/// What calendars are told of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarEvent {
    /// Its id, which its `UID` is made of: the same for ever.
    pub id: EventId,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// What kind it is.
    pub kind: EventType,
    /// Whether it was called off.
    pub is_cancelled: bool,
    /// Whether it is not sure that the calendar's owner comes: the seat waits for its payment.
    pub is_held: bool,
    /// When it begins.
    pub starts_at: Moment,
    /// When it ends.
    pub ends_at: Moment,
    /// The zone that its times are told in.
    pub time_zone: ZoneName,
    /// Place, address and city, as far as they are known.
    pub location: Vec<String>,
    /// Where it is online.
    pub virtual_url: Option<String>,
    /// Where it is.
    pub coordinates: Option<LatLng>,
    /// Counts the changes of time and place.
    pub sequence: i32,
    /// When it was entered.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
}

impl From<EventListing> for CalendarEvent {
    fn from(event: EventListing) -> Self {
        Self {
            id: event.id,
            title: event.title,
            description: event.description,
            kind: event.kind,
            is_cancelled: event.status == EventStatus::Cancelled,
            is_held: false,
            starts_at: event.starts_at,
            ends_at: event.ends_at,
            time_zone: event.time_zone,
            location: [event.place, event.address, event.city]
                .into_iter()
                .flatten()
                .collect(),
            virtual_url: event.virtual_url,
            coordinates: event.coordinates,
            sequence: event.calendar_sequence,
            created_at: event.created_at,
            updated_at: event.updated_at,
        }
    }
}

/// Writes a calendar of events. `name` is what programs call one that is subscribed to; `web_url` is what the addresses of the events'
/// pages begin with.
#[must_use]
pub fn write(events: &[CalendarEvent], name: Option<&str>, web_url: &str) -> String {
    let mut lines = Lines::default();
    lines.plain("BEGIN", "VCALENDAR");
    lines.plain("VERSION", "2.0");
    lines.plain("PRODID", "-//NAMC NorCal//Member portal//EN");
    lines.plain("CALSCALE", "GREGORIAN");
    lines.plain("METHOD", "PUBLISH");
    if let Some(name) = name {
        // RFC 7986, and what programs of before it read.
        lines.text("NAME", name);
        lines.text("X-WR-CALNAME", name);
        lines.plain("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
        lines.plain("X-PUBLISHED-TTL", "PT1H");
    }
    let clocks = clocks(events);
    for clock in clocks.values() {
        clock.write(&mut lines);
    }
    for event in events {
        write_event(event, clocks.get(&event.time_zone), web_url, &mut lines);
    }
    lines.plain("END", "VCALENDAR");
    lines.finish()
}

/// The clocks of every zone, for as long as there are events in it.
fn clocks(events: &[CalendarEvent]) -> BTreeMap<&ZoneName, Clock> {
    let mut spans: BTreeMap<&ZoneName, (OffsetDateTime, OffsetDateTime)> = BTreeMap::new();
    for event in events {
        let (first, last) = (event.starts_at.0, event.ends_at.0);
        let span = spans.entry(&event.time_zone).or_insert((first, last));
        *span = (span.0.min(first), span.1.max(last));
    }
    spans
        .into_iter()
        .filter_map(|(zone, (first, last))| Some((zone, Clock::of(zone, first, last)?)))
        .collect()
}

fn write_event(event: &CalendarEvent, clock: Option<&Clock>, web_url: &str, lines: &mut Lines) {
    lines.plain("BEGIN", "VEVENT");
    lines.plain("UID", &format!("{}@portal.namc-norcal", event.id));
    lines.plain("DTSTAMP", &utc(event.updated_at.0));
    lines.plain("CREATED", &utc(event.created_at.0));
    lines.plain("LAST-MODIFIED", &utc(event.updated_at.0));
    lines.plain("SEQUENCE", &event.sequence.to_string());
    for (name, moment) in [("DTSTART", event.starts_at.0), ("DTEND", event.ends_at.0)] {
        match clock.and_then(|clock| clock.shows(moment)) {
            Some(local) => lines.plain(&format!("{name};TZID={}", event.time_zone.as_str()), &local),
            None => lines.plain(name, &utc(moment)),
        }
    }
    lines.text("SUMMARY", &event.title);
    if !event.description.trim().is_empty() {
        lines.text("DESCRIPTION", &event.description);
    }
    match &event.virtual_url {
        // Many programs show nothing else of where an event is.
        Some(url) if event.location.is_empty() => lines.text("LOCATION", url),
        _ if event.location.is_empty() => {}
        _ => lines.text("LOCATION", &event.location.join(", ")),
    }
    if let Some(place) = event.coordinates {
        lines.plain("GEO", &format!("{};{}", place.lat(), place.lng()));
    }
    if let Some(url) = &event.virtual_url {
        // RFC 7986.
        lines.uri("CONFERENCE;VALUE=URI;FEATURE=VIDEO", url);
    }
    lines.uri(
        "URL",
        &format!("{}/events/{}", web_url.trim_end_matches('/'), event.id),
    );
    lines.plain("CATEGORIES", event.kind.as_str());
    let status = match event {
        CalendarEvent {
            is_cancelled: true, ..
        } => "CANCELLED",
        CalendarEvent { is_held: true, .. } => "TENTATIVE",
        _ => "CONFIRMED",
    };
    lines.plain("STATUS", status);
    lines.plain("END", "VEVENT");
}

/// A moment on the clock of Greenwich.
fn utc(moment: OffsetDateTime) -> String {
    format!("{}Z", zones::written(moment.to_offset(UtcOffset::UTC)))
}

#[cfg(test)]
mod tests;
