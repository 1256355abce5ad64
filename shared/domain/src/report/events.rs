//! Events: who registered, and who came.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ReportFrame, share};
use crate::event::EventType;
use crate::listing::Day;

/// The events that began in each period, and by their type.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventsReport {
    /// What it is of.
    #[serde(flatten)]
    pub frame: ReportFrame,
    /// The periods, the earliest first.
    pub periods: Vec<EventPeriod>,
    /// The same events by their type, every type once.
    pub by_type: Vec<EventTypeCounts>,
}

/// The events that began in one period.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventPeriod {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// What was counted.
    #[serde(flatten)]
    pub counts: EventCounts,
}

/// The events of one type.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventTypeCounts {
    /// The type.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// What was counted.
    #[serde(flatten)]
    pub counts: EventCounts,
}

/// What is counted of events. Drafts are not events yet; of those that were called off only their number is told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventCounts {
    /// Events that were not called off.
    pub events: i64,
    /// Events that were.
    pub cancelled_events: i64,
    /// Seats of those that have a limit; none where none has.
    #[schema(required)]
    pub capacity: Option<i64>,
    /// Seats that are taken or were: registered, attended, or not come.
    pub registrations: i64,
    /// People who were checked in.
    pub attended: i64,
    /// People who did not come.
    pub no_shows: i64,
    /// People in waitlists.
    pub waitlisted: i64,
    /// Seats that were given up.
    pub cancelled_registrations: i64,
    /// Of those who came or did not come, the share that came.
    #[schema(required)]
    pub attendance_rate: Option<f64>,
    /// Of the seats of events with a limit, the share that is taken.
    #[schema(required)]
    pub fill_rate: Option<f64>,
}

impl EventCounts {
    /// The counts with their shares; `limited` is the number of registrations for events with a limit.
    #[must_use]
    pub fn with_shares(self, limited: i64) -> Self {
        Self {
            attendance_rate: share(self.attended, self.attended + self.no_shows),
            fill_rate: self.capacity.and_then(|seats| share(limited, seats)),
            ..self
        }
    }
}
