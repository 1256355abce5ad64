//! `GET /v1/admin/reports/projects`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{read, reports};
use portal_domain::report::{ProjectPeriod, ProjectsReport};
use portal_http::csv::{Cell, Tabular};
use portal_http::query::Query;
use portal_http::{Call, Problem};

use crate::permitted::permit;
use crate::report_answer::{answer, day, number, report_media};
use crate::report_parameters::ReportParameters;
use crate::state::Admin;

/// The projects of one period, as a row.
struct Row(ProjectPeriod);

impl Tabular for Row {
    const COLUMNS: &'static [&'static str] = &[
        "from",
        "to",
        "created",
        "published",
        "closed",
        "bids",
        "bidders",
        "awards",
        "awardedCents",
        "awardedProjects",
        "cancelledProjects",
        "awardRate",
        "bidsPerProject",
    ];

    fn cells(&self) -> Vec<Cell> {
        let Self(row) = self;
        vec![
            day(row.from),
            day(row.to),
            number(row.created),
            number(row.published),
            number(row.closed),
            number(row.bids),
            number(row.bidders),
            number(row.awards),
            number(row.awarded_cents),
            number(row.awarded_projects),
            number(row.cancelled_projects),
            Cell::plain(row.award_rate),
            Cell::plain(row.bids_per_project),
        ]
    }
}

/// Reports what was posted, bid and awarded in each period, and where all projects stand.
///
/// `docs/reports.md` says what each figure means.
#[utoipa::path(
    get,
    path = "/v1/admin/reports/projects",
    operation_id = "report_projects",
    tag = "admin",
    params(ReportParameters),
    responses((status = 200, description = "The report.", content(
        (ProjectsReport = "application/json"),
        (String = "text/csv"),
    ))),
)]
pub(crate) async fn report_projects(
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
        reports::projects(tx, &periods, now).await
    });
    let rows = |report: ProjectsReport| report.periods.into_iter().map(Row).collect();
    answer(media, report?, rows, "projects")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "report_projects");
        assert_eq!(portal_http::query::names::<ReportParameters>(), documented);
    }
}
