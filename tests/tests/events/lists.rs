//! Lists of events: by time, narrowed by every filter, page by page, and in three forms.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{EventCalls as _, Person, new_organizer};
use crate::support::{alter, id_of, marker, newest_write};

struct Season {
    word: String,
    ids: Vec<String>,
}

/// Five events that a word finds; two begin at the same time.
async fn season(organizer: &Person) -> Season {
    let word = marker();
    let mut ids = Vec::new();
    for (day, kind, city, lat) in [
        (1, "AWARDS", "Oakland", 37.80),
        (2, "MEETING", "Oakland", 37.80),
        (3, "MEETING", "Fresno", 36.74),
        (3, "TRAINING", "Oakland", 37.81),
        (5, "AWARDS", "Davis", 38.54),
    ] {
        let fields = json!({
            "title": format!("{word} {day}"), "type": kind, "city": city, "coordinates": {"lat": lat, "lng": -122.27},
            "startsAt": format!("2121-01-0{day}T18:00:00Z"), "endsAt": format!("2121-01-0{day}T20:00:00Z"),
        });
        ids.push(organizer.open(fields).await);
    }
    Season { word, ids }
}

fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(id_of).collect()
}

#[tokio::test]
async fn every_filter_narrows_the_list_and_pages_show_every_event_once() {
    let organizer = new_organizer().await;
    let Season { word, ids: all } = season(&organizer).await;
    let stranger = Person::stranger();
    let listed = async |filter: &str| {
        let path = format!("/v1/events?q={word}&limit=2{filter}");
        ids(&stranger.follow(&path).await)
    };
    let mut in_order = all.clone();
    in_order[2..4].sort();
    assert_eq!(listed("").await, in_order);
    let of = |numbers: &[usize]| {
        numbers
            .iter()
            .map(|number| all[*number].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(listed("&type=AWARDS").await, of(&[0, 4]));
    assert_eq!(listed("&city=fresno&city=davis").await, of(&[2, 4]));
    assert_eq!(
        listed("&from=2121-01-02T18:00:00Z&to=2121-01-03T18:00:00Z").await,
        of(&[1])
    );
    assert_eq!(listed("&status=DRAFT").await, Vec::<String>::new());
    let near = stranger
        .json(&format!(
            "/v1/events?q={word}&near=37.80,-122.27&radiusMiles=5&count=exact"
        ))
        .await;
    assert_eq!(near["total"], 3);
    assert_eq!(near["items"][0]["distanceMiles"], 0.0);
    organizer.act(&all[0], "cancel").await.expect(StatusCode::OK);
    assert_eq!(listed("&type=AWARDS").await, of(&[4]));
    assert_eq!(listed("&status=CANCELLED").await, of(&[0]));
}

#[tokio::test]
async fn a_list_comes_as_a_map_and_as_a_calendar() {
    let organizer = new_organizer().await;
    let Season { word, .. } = season(&organizer).await;
    let newest = newest_write().await;
    let fetch = async |accept: &str| {
        let headers = [("accept", accept), ("portal-consistency", newest.as_str())];
        Person::stranger()
            .send(
                Method::GET,
                &format!("/v1/events?q={word}&limit=3"),
                None,
                &headers,
            )
            .await
    };
    let map = fetch("application/geo+json").await;
    assert_eq!(
        (&map.body["type"], map.body["features"].as_array().map(Vec::len)),
        (&json!("FeatureCollection"), Some(3))
    );
    let calendar = fetch("text/calendar").await;
    assert_eq!(calendar.header("content-type"), "text/calendar; charset=utf-8");
    assert!(calendar.header("link").contains("rel=\"next\""));
    let text = String::from_utf8(calendar.bytes).unwrap();
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 3, "{text}");
    assert_eq!(fetch("text/html").await.status, StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn what_is_for_members_is_for_members_and_a_virtual_address_too() {
    let organizer = new_organizer().await;
    let word = marker();
    let hidden = organizer
        .open(json!({"title": word, "visibility": "MEMBERS_ONLY"}))
        .await;
    let open = organizer
        .open(json!({"title": word, "virtualUrl": "https://meet.example.org/1"}))
        .await;
    let path = format!("/v1/events?q={word}");
    let (stranger, member) = (Person::stranger(), Person::member().await);
    assert_eq!(ids(&stranger.follow(&path).await), std::slice::from_ref(&open));
    assert_eq!(member.follow(&path).await.len(), 2);
    assert_eq!(
        stranger.get(&format!("/v1/events/{hidden}")).await.status,
        StatusCode::NOT_FOUND
    );
    let shown = format!("/v1/events/{open}");
    for (who, sees) in [(&stranger, false), (&member, false), (&organizer, true)] {
        let event = who.json(&shown).await;
        assert_eq!(event["isOnline"], true, "{event}");
        assert_eq!(
            event["virtualUrl"] == "https://meet.example.org/1",
            sees,
            "{event}"
        );
    }
    member.register(&open).await;
    let event = member.json(&shown).await;
    assert_eq!(event["virtualUrl"], "https://meet.example.org/1", "{event}");
}

#[tokio::test]
async fn who_is_not_approved_yet_sees_what_everybody_sees_and_gets_no_seat() {
    let organizer = new_organizer().await;
    let hidden = organizer.open(json!({"visibility": "MEMBERS_ONLY"})).await;
    let open = organizer
        .open(json!({"virtualUrl": "https://meet.example.org/1"}))
        .await;
    let someone = Person::member().await;
    assert_eq!(
        someone.get(&format!("/v1/events/{hidden}")).await.status,
        StatusCode::OK
    );
    alter(
        "UPDATE users SET approved_at = NULL WHERE id = $1",
        &someone.id().to_string(),
    )
    .await;
    assert_eq!(
        someone.get(&format!("/v1/events/{hidden}")).await.status,
        StatusCode::NOT_FOUND
    );
    let shown = someone.json(&format!("/v1/events/{open}")).await;
    assert_eq!(shown["virtualUrl"], Value::Null);
    let refused = someone.act(&open, "registration").await;
    let detail = refused.detail(StatusCode::FORBIDDEN);
    assert!(detail.contains("approve"), "{detail}");
    for path in ["/v1/registrations", &format!("/v1/events/{open}/files")] {
        assert_eq!(someone.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn parameters_that_cannot_be_are_all_named() {
    let reply = Person::stranger()
        .get("/v1/events?type=PARTY&from=soon&limit=0&radiusMiles=3&colour=red")
        .await;
    assert_eq!(
        reply.pointers(),
        [
            "/query/colour",
            "/query/from",
            "/query/limit",
            "/query/radiusMiles",
            "/query/type"
        ]
    );
}
