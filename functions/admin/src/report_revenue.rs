//! `GET /v1/admin/reports/revenue`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{read, reports};
use portal_domain::report::{RevenuePeriod, RevenueReport};
use portal_http::csv::{Cell, Tabular};
use portal_http::query::Query;
use portal_http::{Call, Problem};

use crate::permitted::permit;
use crate::report_answer::{answer, day, number, report_media};
use crate::report_parameters::ReportParameters;
use crate::state::Admin;

/// The movements of one period in one currency, as a row.
struct Row(RevenuePeriod);

impl Tabular for Row {
    const COLUMNS: &'static [&'static str] = &[
        "from",
        "to",
        "currency",
        "membershipCents",
        "eventsCents",
        "trainingCents",
        "sponsorshipCents",
        "donationsCents",
        "earnedCents",
        "refundedCents",
        "feesCents",
        "netCents",
    ];

    fn cells(&self) -> Vec<Cell> {
        let Self(row) = self;
        vec![
            day(row.from),
            day(row.to),
            Cell::plain(Some(&row.currency)),
            number(row.sums.membership_cents),
            number(row.sums.events_cents),
            number(row.sums.training_cents),
            number(row.sums.sponsorship_cents),
            number(row.sums.donations_cents),
            number(row.sums.earned_cents),
            number(row.sums.refunded_cents),
            number(row.sums.fees_cents),
            number(row.sums.net_cents),
        ]
    }
}

/// Reports what was earned, given back and kept by Stripe in each period, by currency.
///
/// Sums over the ledger, by the moment of each movement: what was given back counts in the period in which that was done.
#[utoipa::path(
    get,
    path = "/v1/admin/reports/revenue",
    operation_id = "report_revenue",
    tag = "admin",
    params(ReportParameters),
    responses((status = 200, description = "The report.", content(
        (RevenueReport = "application/json"),
        (String = "text/csv"),
    ))),
)]
pub(crate) async fn report_revenue(
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
        reports::revenue(tx, &periods, now).await
    });
    let rows = |report: RevenueReport| report.periods.into_iter().map(Row).collect();
    answer(media, report?, rows, "revenue")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "report_revenue");
        assert_eq!(portal_http::query::names::<ReportParameters>(), documented);
    }
}
