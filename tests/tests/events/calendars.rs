//! Calendars, read by a library that knows nothing of ours: one event, the list, and a member's private feed, around every change of
//! the clocks.

use std::io::Write as _;
use std::process::{Command, Stdio};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{EventCalls as _, Person, new_organizer};
use crate::support::{alter, newest_write};

/// Reads a calendar as programs do, with the zones that the calendar itself explains.
const READER: &str = r#"
import json, sys
from datetime import datetime, timezone
from icalendar import Calendar

calendar = Calendar.from_ical(sys.stdin.buffer.read())
zones = {str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")}

def instant(prop):
    moment = datetime.strptime(prop.to_ical().decode().rstrip("Z"), "%Y%m%dT%H%M%S")
    name = prop.params.get("TZID")
    zone = zones[str(name)] if name else timezone.utc
    return moment.replace(tzinfo=zone).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

print(json.dumps({
    "version": str(calendar["VERSION"]),
    "zones": sorted(zones),
    "events": [{
        "uid": str(event["UID"]), "start": instant(event["DTSTART"]), "end": instant(event["DTEND"]),
        "local": event["DTSTART"].to_ical().decode(),
        "summary": str(event["SUMMARY"]), "status": str(event["STATUS"]), "sequence": int(event["SEQUENCE"]),
        "description": str(event.get("DESCRIPTION", "")), "location": str(event.get("LOCATION", "")),
        "errors": len(event.errors),
    } for event in calendar.walk("VEVENT")],
}))
"#;

fn read(text: &[u8]) -> Value {
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        assert!(
            line.len() <= 76 && line.ends_with(b"\r"),
            "{}",
            String::from_utf8_lossy(line)
        );
    }
    let python = std::env::var("PORTAL_TEST_PYTHON").expect("cargo xtask test names the interpreter");
    let mut reader = Command::new(python)
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    reader.stdin.take().unwrap().write_all(text).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(text));
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn calendar(person: &Person, path: &str) -> Value {
    let reply = person.get(path).await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (StatusCode::OK, "text/calendar; charset=utf-8")
    );
    read(&reply.bytes)
}

/// The moments around the changes of the clocks of 2026 and 2027, with the zone whose clocks they are.
fn moments() -> Vec<(&'static str, String)> {
    let mut moments = Vec::new();
    for (zone, changes) in [
        (
            "America/Los_Angeles",
            ["2026-03-08T10", "2026-11-01T09", "2027-03-14T10", "2027-11-07T09"],
        ),
        (
            "Europe/Berlin",
            ["2026-03-29T01", "2026-10-25T01", "2027-03-28T01", "2027-10-31T01"],
        ),
        (
            "Australia/Lord_Howe",
            ["2026-04-04T15", "2026-10-03T15", "2027-04-03T15", "2027-10-02T15"],
        ),
    ] {
        for change in changes {
            let (day, hour) = change.split_once('T').unwrap();
            let hour: i32 = hour.parse().unwrap();
            for minutes in [-90, -30, -1, 0, 1, 29, 30, 59, 60, 90] {
                let at = hour * 60 + minutes;
                let (hours, minutes) = (at.div_euclid(60), at.rem_euclid(60));
                // A moment before midnight is of the day before, which no change here is near enough to matter.
                if hours >= 0 {
                    moments.push((zone, format!("{day}T{hours:02}:{minutes:02}:00Z")));
                }
            }
        }
    }
    moments
}

#[tokio::test]
async fn every_moment_around_every_change_of_the_clocks_is_read_as_itself() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({})).await;
    let path = format!("/v1/events/{id}/calendar");
    let moments = moments();
    assert!(moments.len() > 100);
    for (zone, moment) in moments {
        let sql = "UPDATE events SET starts_at = $2::timestamptz, ends_at = $2::timestamptz + interval '70 minutes', time_zone = $3
            WHERE id = $1";
        sqlx::query(sql)
            .bind(id.parse::<uuid::Uuid>().unwrap())
            .bind(&moment)
            .bind(zone)
            .execute(&mut crate::support::owner().await)
            .await
            .unwrap();
        let read = calendar(&organizer, &path).await;
        assert_eq!(
            (&read["events"][0]["start"], &read["zones"]),
            (&json!(moment), &json!([zone])),
            "{read}"
        );
        assert_eq!(read["events"][0]["errors"], 0);
    }
}

#[tokio::test]
async fn an_event_keeps_its_uid_and_its_sequence_rises() {
    let organizer = new_organizer().await;
    let title = "Dinner; and \\talk,\u{20}with Zoë — 李 and a long, long title that has to be folded somewhere, surely";
    let id = organizer
        .open(json!({"title": title, "description": "One\nTwo; three, four", "place": "The hall", "city": "Oakland",
            "startsAt": "2120-07-02T01:00:00Z", "endsAt": "2120-07-02T04:00:00Z"}))
        .await;
    let path = format!("/v1/events/{id}/calendar");
    let stranger = Person::stranger();
    let first = calendar(&stranger, &path).await["events"][0].clone();
    assert_eq!(
        (&first["summary"], &first["description"], &first["location"]),
        (
            &json!(title),
            &json!("One\nTwo; three, four"),
            &json!("The hall, Oakland")
        )
    );
    assert_eq!(
        (&first["sequence"], &first["status"], &first["local"]),
        (&json!(0), &json!("CONFIRMED"), &json!("21200701T180000"))
    );
    let moved = json!({"endsAt": "2120-07-02T05:00:00Z"});
    organizer
        .patch(&format!("/v1/events/{id}"), &moved)
        .await
        .expect(StatusCode::OK);
    let second = calendar(&stranger, &path).await["events"][0].clone();
    organizer.act(&id, "cancel").await.expect(StatusCode::OK);
    let third = calendar(&stranger, &path).await["events"][0].clone();
    assert_eq!((&second["sequence"], &third["sequence"]), (&json!(1), &json!(2)));
    assert_eq!(third["status"], "CANCELLED");
    assert!([&second, &third].iter().all(|event| event["uid"] == first["uid"]));
    assert_eq!(first["uid"], format!("{id}@portal.namc-norcal"));
}

#[tokio::test]
async fn what_a_program_has_is_not_sent_again() {
    let id = new_organizer().await.open(json!({})).await;
    let path = format!("/v1/events/{id}/calendar");
    let stranger = Person::stranger();
    let tag = stranger.get(&path).await.header("etag").to_owned();
    let newest = newest_write().await;
    let headers = [
        ("if-none-match", tag.as_str()),
        ("portal-consistency", newest.as_str()),
    ];
    let again = stranger.send(Method::GET, &path, None, &headers).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

/// The path of a private feed.
pub(crate) async fn feed(member: &Person) -> String {
    let reply = member.send(Method::POST, "/v1/calendar/token", None, &[]).await;
    let address = reply.expect(StatusCode::CREATED);
    let url = address["url"].as_str().unwrap();
    let token = address["token"].as_str().unwrap();
    assert!(url.ends_with(&format!("/v1/calendar.ics?token={token}")), "{url}");
    format!("/v1/calendar.ics?token={token}")
}

#[tokio::test]
async fn a_private_feed_has_the_members_events_and_those_that_were_called_off() {
    let organizer = new_organizer().await;
    let (member, stranger) = (Person::member().await, Person::stranger());
    let mut events = Vec::new();
    for (number, zone) in ["America/Los_Angeles", "Europe/Berlin", "America/Phoenix", "UTC"]
        .into_iter()
        .enumerate()
    {
        let fields = json!({"timeZone": zone, "maxCapacity": 1, "visibility": "MEMBERS_ONLY",
            "startsAt": format!("2120-0{}-01T18:00:00Z", number + 1), "endsAt": format!("2120-0{}-01T20:00:00Z", number + 1)});
        events.push(organizer.open(fields).await);
    }
    let path = feed(&member).await;
    assert_eq!(calendar(&stranger, &path).await["events"], json!([]));
    for event in &events[..3] {
        member.register(event).await;
    }
    Person::member().await.register(&events[3]).await;
    assert_eq!(member.register(&events[3]).await["status"], "WAITLISTED");
    let read = calendar(&stranger, &path).await;
    let starts: Vec<_> = read["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["start"].clone())
        .collect();
    assert_eq!(
        starts,
        [
            "2120-01-01T18:00:00Z",
            "2120-02-01T18:00:00Z",
            "2120-03-01T18:00:00Z"
        ]
    );
    assert_eq!(
        read["zones"],
        json!(["America/Los_Angeles", "America/Phoenix", "Europe/Berlin"])
    );
    organizer.act(&events[0], "cancel").await.expect(StatusCode::OK);
    member.give_back(&events[1]).await;
    alter("UPDATE events SET deleted_at = now() WHERE id = $1", &events[0]).await;
    let read = calendar(&stranger, &path).await;
    let left: Vec<_> = read["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["status"].clone())
        .collect();
    assert_eq!(left, ["CANCELLED", "CONFIRMED"]);
}

#[tokio::test]
async fn a_token_opens_one_calendar_until_it_is_replaced_taken_away_or_the_account_is_closed() {
    let (member, stranger) = (Person::member().await, Person::stranger());
    let status = async |path: &str| stranger.get(path).await.status;
    let first = feed(&member).await;
    assert_eq!(status(&first).await, StatusCode::OK);
    let second = feed(&member).await;
    assert_eq!(
        (status(&first).await, status(&second).await),
        (StatusCode::NOT_FOUND, StatusCode::OK)
    );
    let sql = "UPDATE users SET is_active = $2 WHERE id = $1";
    for (active, expected) in [(false, StatusCode::NOT_FOUND), (true, StatusCode::OK)] {
        sqlx::query(sql)
            .bind(member.id())
            .bind(active)
            .execute(&mut crate::support::owner().await)
            .await
            .unwrap();
        assert_eq!(status(&second).await, expected);
    }
    member
        .delete("/v1/calendar/token")
        .await
        .expect(StatusCode::NO_CONTENT);
    assert_eq!(status(&second).await, StatusCode::NOT_FOUND);
    assert_eq!(
        stranger.get("/v1/calendar.ics").await.pointers(),
        ["/query/token"]
    );
    let kept: Vec<String> = sqlx::query_scalar(
        "SELECT (to_jsonb(a) - 'id')::text FROM audit_log AS a WHERE table_name = 'calendar_tokens' AND row_key = $1",
    )
    .bind(member.id().to_string())
    .fetch_all(&mut crate::support::owner().await)
    .await
    .unwrap();
    assert_eq!(kept.len(), 3, "made, replaced, taken away: {kept:?}");
}
