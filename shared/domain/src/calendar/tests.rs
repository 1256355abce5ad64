use super::*;
use time::macros::datetime;
use uuid::Uuid;

const WEB: &str = "https://portal.example/";

fn event(zone: &str, starts_at: OffsetDateTime, ends_at: OffsetDateTime) -> CalendarEvent {
    CalendarEvent {
        id: Uuid::from_u128(7).into(),
        title: "Dinner, and talk".to_owned(),
        description: "Two lines;\nof text".to_owned(),
        kind: EventType::Awards,
        is_cancelled: false,
        is_held: false,
        starts_at: Moment(starts_at),
        ends_at: Moment(ends_at),
        time_zone: zone.to_owned().try_into().unwrap(),
        location: vec!["Hall".to_owned(), "Oakland".to_owned()],
        virtual_url: Some("https://meet.example.org/a,b".to_owned()),
        coordinates: LatLng::new(37.8, -122.27).ok(),
        sequence: 3,
        created_at: Moment(datetime!(2026-01-02 03:04:05 UTC)),
        updated_at: Moment(datetime!(2026-01-03 03:04:05 UTC)),
    }
}

fn text(zone: &str, starts_at: OffsetDateTime, ends_at: OffsetDateTime) -> String {
    write(&[event(zone, starts_at, ends_at)], None, WEB)
}

/// The lines of one kind, without their names.
fn values<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let lines = text.split("\r\n");
    lines.filter_map(|line| line.strip_prefix(name)).collect()
}

#[test]
fn an_event_across_the_spring_change_has_both_clocks() {
    let text = text(
        "America/Los_Angeles",
        datetime!(2027-03-14 09:30:00 UTC),
        datetime!(2027-03-14 10:30:00 UTC),
    );
    assert!(text.contains("DTSTART;TZID=America/Los_Angeles:20270314T013000\r\n"));
    assert!(text.contains("DTEND;TZID=America/Los_Angeles:20270314T033000\r\n"));
    assert!(text.contains(
        "BEGIN:STANDARD\r\nDTSTART:20261101T020000\r\nTZOFFSETFROM:-0700\r\nTZOFFSETTO:-0800\r\nTZNAME:PST\r\nEND:STANDARD\r\n\
         BEGIN:DAYLIGHT\r\nDTSTART:20270314T020000\r\nTZOFFSETFROM:-0800\r\nTZOFFSETTO:-0700\r\nTZNAME:PDT\r\nEND:DAYLIGHT\r\n"
    ), "{text}");
}

#[test]
fn the_hour_that_comes_twice_is_told_by_the_clock_of_greenwich_the_second_time() {
    let text = text(
        "America/Los_Angeles",
        datetime!(2026-11-01 08:30:00 UTC),
        datetime!(2026-11-01 09:30:00 UTC),
    );
    assert_eq!(
        values(&text, "DTSTART;TZID=America/Los_Angeles:"),
        ["20261101T013000"]
    );
    assert_eq!(values(&text, "DTEND:"), ["20261101T093000Z"]);
}

#[test]
fn a_zone_whose_clocks_never_change_has_one_and_greenwich_none() {
    let at = datetime!(2026-07-01 12:00:00 UTC);
    let phoenix = text("America/Phoenix", at, at + time::Duration::HOUR);
    assert_eq!(
        (
            values(&phoenix, "TZOFFSETTO:"),
            values(&phoenix, "DTSTART;TZID=America/Phoenix:")
        ),
        (vec!["-0700"], vec!["20260701T050000"])
    );
    let utc = text("UTC", at, at + time::Duration::HOUR);
    assert!(!utc.contains("VTIMEZONE") && utc.contains("\r\nDTSTART:20260701T120000Z\r\n"));
}

#[test]
fn an_event_says_all_that_is_known_of_it() {
    let at = datetime!(2026-07-01 19:00:00 UTC);
    let mut cancelled = event("Europe/Berlin", at, at + time::Duration::HOUR);
    cancelled.is_cancelled = true;
    let text = write(&[cancelled], Some("My, events"), WEB);
    for line in [
        "UID:00000000-0000-0000-0000-000000000007@portal.namc-norcal",
        "SEQUENCE:3",
        "DTSTAMP:20260103T030405Z",
        "SUMMARY:Dinner\\, and talk",
        "DESCRIPTION:Two lines\\;\\nof text",
        "LOCATION:Hall\\, Oakland",
        "GEO:37.8;-122.27",
        "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://meet.example.org/a,b",
        "URL:https://portal.example/events/00000000-0000-0000-0000-000000000007",
        "STATUS:CANCELLED",
        "X-WR-CALNAME:My\\, events",
        "METHOD:PUBLISH",
    ] {
        assert!(text.contains(&format!("\r\n{line}\r\n")), "{line} in {text}");
    }
    assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.ends_with("END:VCALENDAR\r\n"));
}

#[test]
fn each_zone_is_explained_once() {
    let at = datetime!(2026-07-01 19:00:00 UTC);
    let one = || event("Europe/Berlin", at, at + time::Duration::HOUR);
    let text = write(&[one(), one()], None, WEB);
    assert_eq!(text.matches("BEGIN:VTIMEZONE").count(), 1);
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2);
    assert!(!write(&[], None, WEB).contains("VTIMEZONE"));
}

#[test]
fn a_seat_that_waits_for_its_payment_is_not_sure_and_what_is_online_alone_has_a_place() {
    let at = datetime!(2026-07-01 19:00:00 UTC);
    let mut held = event("UTC", at, at + time::Duration::HOUR);
    held.is_held = true;
    held.virtual_url = None;
    let text = write(&[held], None, WEB);
    assert_eq!(values(&text, "STATUS:"), ["TENTATIVE"]);
    assert!(!text.contains("CONFERENCE"), "{text}");
    let mut online = event("UTC", at, at + time::Duration::HOUR);
    online.location = Vec::new();
    let text = write(&[online], None, WEB);
    assert_eq!(values(&text, "LOCATION:"), ["https://meet.example.org/a\\,b"]);
}
