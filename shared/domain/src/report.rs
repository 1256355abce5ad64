//! Reports: the periods that they are of, and what each counts. `docs/reports.md` says what the figures mean.

mod events;
mod members;
mod outreach;
mod periods;
mod projects;
mod revenue;
#[cfg(test)]
mod tests;

pub use events::{EventCounts, EventPeriod, EventTypeCounts, EventsReport};
pub use members::{MemberPeriod, MembersNow, MembersReport};
pub use outreach::{ClassStandings, CountyStandings, OutreachPeriod, OutreachReport, Standings};
pub use periods::{MOST_PERIODS, Period, PeriodError, Periods, Span, twelve_months_until};
pub use projects::{PipelineStep, ProjectPeriod, ProjectsReport};
pub use revenue::{RevenuePeriod, RevenueReport, RevenueSums, RevenueTotal};

use serde::Serialize;
use utoipa::ToSchema;

use crate::listing::{Day, Moment};

/// What a report is of, and when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportFrame {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// How it is cut.
    pub period: Period,
    /// Whose days these are.
    #[schema(example = "America/Los_Angeles")]
    pub time_zone: String,
    /// When it was made.
    pub generated_at: Moment,
}

/// A share of a whole, from 0 to 1 or beyond; none of nothing.
#[must_use]
pub fn share(part: i64, whole: i64) -> Option<f64> {
    // Counts of people and projects are far below 2^53.
    #[allow(clippy::cast_precision_loss)]
    (whole != 0).then(|| part as f64 / whole as f64)
}
