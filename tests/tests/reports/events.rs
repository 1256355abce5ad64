//! Who registered for events, and who came.

use portal_data::reports;
use portal_domain::event::{EventStatus, EventType};
use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::support::{House, NOW, SEEDS, all_cuts, id, maybe, moment, pick, random, share, sql, within};

const STATUSES: [&str; 5] = ["REGISTERED", "WAITLISTED", "ATTENDED", "NO_SHOW", "CANCELLED"];

struct Event {
    id: Uuid,
    kind: EventType,
    status: EventStatus,
    begins: OffsetDateTime,
    capacity: Option<usize>,
    deleted: bool,
    people: Vec<&'static str>,
}

impl Event {
    fn draw(random: &mut StdRng) -> Self {
        let people = (0..random.random_range(0..12)).map(|_| pick(random, &STATUSES));
        Self {
            people: people.collect(),
            id: id(),
            kind: pick(random, EventType::ALL),
            status: pick(random, EventStatus::ALL),
            begins: moment(random),
            capacity: maybe(random, |random| random.random_range(12..40)),
            deleted: random.random_bool(0.1),
        }
    }

    fn counts(&self) -> bool {
        !self.deleted && self.status != EventStatus::Draft
    }

    fn has(&self, statuses: &[&str]) -> usize {
        self.people
            .iter()
            .filter(|status| statuses.contains(status))
            .count()
    }

    fn insertion(&self, organizer: Uuid) -> String {
        let mut statements = format!(
            "INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at, max_capacity, deleted_at)
            VALUES ('{}', '{organizer}', 'E', '{}', '{}', '{}', '{}', {}, {});",
            self.id,
            self.kind,
            self.status,
            self.begins,
            self.begins + Duration::HOUR,
            sql(self.capacity),
            sql(self.deleted.then_some(NOW)),
        );
        for status in &self.people {
            statements += &format!(
                "INSERT INTO event_registrations (id, event_id, user_id, status) VALUES ('{}', '{}', '{}', '{status}');",
                id(),
                self.id,
                id(),
            );
        }
        statements
    }
}

/// What a report says of these events.
fn counts(events: &[&Event]) -> Map<String, Value> {
    let (off, on): (Vec<&Event>, Vec<&Event>) = events
        .iter()
        .copied()
        .partition(|event| event.status == EventStatus::Cancelled);
    let sum = |statuses: &[&str]| on.iter().map(|event| event.has(statuses)).sum::<usize>();
    let seats = ["REGISTERED", "ATTENDED", "NO_SHOW"];
    let limited: Vec<_> = on.iter().filter(|event| event.capacity.is_some()).collect();
    let capacity: usize = limited.iter().filter_map(|event| event.capacity).sum();
    let taken = limited.iter().map(|event| event.has(&seats)).sum();
    let (attended, no_shows) = (sum(&["ATTENDED"]), sum(&["NO_SHOW"]));
    let counts = json!({
        "events": on.len(), "cancelledEvents": off.len(),
        "capacity": (!limited.is_empty()).then_some(capacity),
        "registrations": sum(&seats), "attended": attended, "noShows": no_shows,
        "waitlisted": sum(&["WAITLISTED"]), "cancelledRegistrations": sum(&["CANCELLED"]),
        "attendanceRate": share(attended, attended + no_shows), "fillRate": share(taken, capacity),
    });
    counts.as_object().unwrap().clone()
}

#[tokio::test]
async fn events_count_where_they_begin_and_by_their_type() {
    for seed in SEEDS {
        let random = &mut random(seed);
        let mut house = House::create().await;
        let organizer = house.staff.id;
        let events: Vec<_> = (0..80).map(|_| Event::draw(random)).collect();
        let statements: String = events.iter().map(|event| event.insertion(organizer)).collect();
        house.insert(&statements).await;
        for periods in all_cuts() {
            let report = house
                .report(async |tx| reports::events(tx, &periods, NOW).await)
                .await;
            let there: Vec<_> = events.iter().filter(|event| event.counts()).collect();
            let expected = periods.spans().iter().map(|span| {
                let of_span = there.iter().copied().filter(|event| within(span, event.begins));
                let mut counts = counts(&of_span.collect::<Vec<_>>());
                counts.insert("from".to_owned(), json!(span.first.to_string()));
                counts.insert("to".to_owned(), json!(span.last.to_string()));
                Value::Object(counts)
            });
            assert_eq!(report["periods"], Value::Array(expected.collect()), "seed {seed}");
            let is_in = |event: &&&Event| periods.spans().iter().any(|span| within(span, event.begins));
            let by_type = EventType::ALL.iter().map(|kind| {
                let of_kind = there.iter().filter(is_in).filter(|event| event.kind == *kind);
                let mut counts = counts(&of_kind.copied().collect::<Vec<_>>());
                counts.insert("type".to_owned(), json!(kind));
                Value::Object(counts)
            });
            assert_eq!(report["byType"], Value::Array(by_type.collect()), "seed {seed}");
        }
    }
}
