//! `GET /v1/admin/reports/events`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{read, reports};
use portal_domain::report::{EventPeriod, EventsReport};
use portal_http::csv::{Cell, Tabular};
use portal_http::query::Query;
use portal_http::{Call, Problem};

use crate::permitted::permit;
use crate::report_answer::{answer, day, number, report_media};
use crate::report_parameters::ReportParameters;
use crate::state::Admin;

/// The events of one period, as a row.
struct Row(EventPeriod);

impl Tabular for Row {
    const COLUMNS: &'static [&'static str] = &[
        "from",
        "to",
        "events",
        "cancelledEvents",
        "capacity",
        "registrations",
        "attended",
        "noShows",
        "waitlisted",
        "cancelledRegistrations",
        "attendanceRate",
        "fillRate",
    ];

    fn cells(&self) -> Vec<Cell> {
        let Self(row) = self;
        vec![
            day(row.from),
            day(row.to),
            number(row.counts.events),
            number(row.counts.cancelled_events),
            Cell::plain(row.counts.capacity),
            number(row.counts.registrations),
            number(row.counts.attended),
            number(row.counts.no_shows),
            number(row.counts.waitlisted),
            number(row.counts.cancelled_registrations),
            Cell::plain(row.counts.attendance_rate),
            Cell::plain(row.counts.fill_rate),
        ]
    }
}

/// Reports who registered for the events of each period, and who came; and the same by type.
///
/// An event counts in the period that it begins in.
#[utoipa::path(
    get,
    path = "/v1/admin/reports/events",
    operation_id = "report_events",
    tag = "admin",
    params(ReportParameters),
    responses((status = 200, description = "The report.", content(
        (EventsReport = "application/json"),
        (String = "text/csv"),
    ))),
)]
pub(crate) async fn report_events(
    State(state): State<Admin>,
    call: Call,
    headers: HeaderMap,
    Query(wanted): Query<ReportParameters>,
) -> Result<Response, Problem> {
    let media = report_media(&headers)?;
    let now = state.now();
    let periods = wanted.periods(now)?;
    let report = read!(state.portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        reports::events(tx, &periods, now).await
    });
    let rows = |report: EventsReport| report.periods.into_iter().map(Row).collect();
    answer(media, report?, rows, "events")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "report_events");
        assert_eq!(portal_http::query::names::<ReportParameters>(), documented);
    }
}
