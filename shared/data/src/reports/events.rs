//! Who registered for events, and who came.

use portal_domain::event::EventType;
use portal_domain::listing::{Day, Moment};
use portal_domain::report::{EventCounts, EventPeriod, EventTypeCounts, EventsReport, Periods};
use time::OffsetDateTime;

use super::{place, plan};
use crate::{DataError, Tx};

/// What was counted of the events of a period, or of a type.
struct Counted {
    n: Option<i32>,
    kind: Option<String>,
    events: i64,
    cancelled_events: i64,
    capacity: Option<i64>,
    registrations: i64,
    limited: i64,
    attended: i64,
    no_shows: i64,
    waitlisted: i64,
    cancelled_registrations: i64,
}

impl Counted {
    fn counts(&self) -> EventCounts {
        let counts = EventCounts {
            events: self.events,
            cancelled_events: self.cancelled_events,
            capacity: self.capacity,
            registrations: self.registrations,
            attended: self.attended,
            no_shows: self.no_shows,
            waitlisted: self.waitlisted,
            cancelled_registrations: self.cancelled_registrations,
            attendance_rate: None,
            fill_rate: None,
        };
        counts.with_shares(self.limited)
    }
}

/// The events that began in each period, and by their type.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn events(tx: &mut Tx, periods: &Periods, now: OffsetDateTime) -> Result<EventsReport, DataError> {
    plan(tx).await?;
    let counted = sqlx::query_file_as!(Counted, "src/reports/events.sql", &periods.bounds())
        .fetch_all(&mut *tx)
        .await?;
    let of_period = |index: usize| {
        let row = counted.iter().find(|row| row.n.and_then(place) == Some(index));
        row.map(Counted::counts).unwrap_or_default()
    };
    let of_type = |kind: &EventType| EventTypeCounts {
        kind: *kind,
        counts: counted
            .iter()
            .find(|row| row.kind.as_deref() == Some(kind.as_str()))
            .map(Counted::counts)
            .unwrap_or_default(),
    };
    let spans = periods.spans().iter().enumerate();
    let spans = spans.map(|(index, span)| EventPeriod {
        from: Day(span.first),
        to: Day(span.last),
        counts: of_period(index),
    });
    Ok(EventsReport {
        frame: periods.frame(Moment(now)),
        periods: spans.collect(),
        by_type: EventType::ALL.iter().map(of_type).collect(),
    })
}
