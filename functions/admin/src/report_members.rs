//! `GET /v1/admin/reports/members`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{read, reports};
use portal_domain::report::{MemberPeriod, MembersReport};
use portal_http::csv::{Cell, Tabular};
use portal_http::query::Query;
use portal_http::{Call, Problem};

use crate::permitted::permit;
use crate::report_answer::{answer, day, number, report_media};
use crate::report_parameters::ReportParameters;
use crate::state::Admin;

/// The members of one period, as a row.
struct Row(MemberPeriod);

impl Tabular for Row {
    const COLUMNS: &'static [&'static str] = &[
        "from",
        "to",
        "accounts",
        "approved",
        "membersAtStart",
        "joined",
        "returned",
        "left",
        "membersAtEnd",
        "growth",
        "growthRate",
        "retentionRate",
        "churnRate",
    ];

    fn cells(&self) -> Vec<Cell> {
        let Self(row) = self;
        vec![
            day(row.from),
            day(row.to),
            number(row.accounts),
            number(row.approved),
            number(row.members_at_start),
            number(row.joined),
            number(row.returned),
            number(row.left),
            number(row.members_at_end),
            number(row.growth),
            Cell::plain(row.growth_rate),
            Cell::plain(row.retention_rate),
            Cell::plain(row.churn_rate),
        ]
    }
}

/// Reports how many members came, stayed and left in each period.
///
/// A member is who has a paid membership in force, days of grace included. `docs/reports.md` says what each figure means.
#[utoipa::path(
    get,
    path = "/v1/admin/reports/members",
    operation_id = "report_members",
    tag = "admin",
    params(ReportParameters),
    responses((status = 200, description = "The report.", content(
        (MembersReport = "application/json"),
        (String = "text/csv"),
    ))),
)]
pub(crate) async fn report_members(
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
        reports::members(tx, &periods, now).await
    });
    let rows = |report: MembersReport| report.periods.into_iter().map(Row).collect();
    answer(media, report?, rows, "members")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "report_members");
        assert_eq!(portal_http::query::names::<ReportParameters>(), documented);
    }
}
