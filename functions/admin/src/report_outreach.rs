//! `GET /v1/admin/reports/outreach`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::read;
use portal_data::reports::{self, Firms};
use portal_domain::contractor::Classification;
use portal_domain::report::{OutreachPeriod, OutreachReport, Standings};
use portal_http::csv::{Cell, Tabular};
use portal_http::query::{FilterText, FromQuery, Query, QueryReader};
use portal_http::{Call, Problem};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::permitted::permit;
use crate::report_answer::{answer, day, number, report_media};
use crate::report_parameters::ReportParameters;
use crate::state::Admin;

/// Which part of the report becomes a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OutreachTable {
    /// A row for each county.
    #[default]
    Counties,
    /// A row for each class.
    Classes,
    /// A row for each period.
    Periods,
}

impl std::str::FromStr for OutreachTable {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "counties" => Ok(Self::Counties),
            "classes" => Ok(Self::Classes),
            "periods" => Ok(Self::Periods),
            _ => Err("must be counties, classes or periods"),
        }
    }
}

/// Of which firms.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OutreachParameters {
    #[param(ignore)]
    days: ReportParameters,
    /// With one of these licence classes.
    #[param(required = false)]
    class: Vec<Classification>,
    /// In one of these counties, in any case.
    #[param(value_type = Vec<FilterText>, required = false)]
    county: Vec<String>,
    /// Which part becomes the table, for CSV; counties without it.
    #[param(nullable = false, inline)]
    table: Option<OutreachTable>,
}

impl FromQuery for OutreachParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let days = ReportParameters::read(query);
        let parameters = Self {
            class: query.many("class"),
            county: query.texts("county", 100),
            table: query.one("table"),
            days: days?,
        };
        Some(parameters)
    }
}

/// The firms of one county or one class, as a row.
struct Row {
    name: Option<String>,
    standings: Standings,
}

impl Tabular for Row {
    const COLUMNS: &'static [&'static str] = &[
        "name",
        "licences",
        "members",
        "notMembers",
        "new",
        "contacted",
        "interested",
        "notInterested",
        "joined",
        "doNotContact",
    ];

    fn cells(&self) -> Vec<Cell> {
        let standings = &self.standings;
        vec![
            Cell::text(self.name.as_ref()),
            number(standings.licences),
            number(standings.members),
            number(standings.not_members),
            number(standings.new),
            number(standings.contacted),
            number(standings.interested),
            number(standings.not_interested),
            number(standings.joined),
            number(standings.do_not_contact),
        ]
    }
}

/// What was done in one period, as a row.
struct PeriodRow(OutreachPeriod);

impl Tabular for PeriodRow {
    const COLUMNS: &'static [&'static str] = &[
        "from",
        "to",
        "changed",
        "contacted",
        "interested",
        "notInterested",
        "joined",
        "doNotContact",
    ];

    fn cells(&self) -> Vec<Cell> {
        let Self(row) = self;
        vec![
            day(row.from),
            day(row.to),
            number(row.changed),
            number(row.contacted),
            number(row.interested),
            number(row.not_interested),
            number(row.joined),
            number(row.do_not_contact),
        ]
    }
}

/// Reports how far staff have come with licensed firms that are not members yet, by county and class, and what was done in each period.
///
/// Firms whose licence has vanished from the state's file are left out. `docs/reports.md` says what each figure means.
#[utoipa::path(
    get,
    path = "/v1/admin/reports/outreach",
    operation_id = "report_outreach",
    tag = "admin",
    params(ReportParameters, OutreachParameters),
    responses((status = 200, description = "The report.", content(
        (OutreachReport = "application/json"),
        (String = "text/csv"),
    ))),
)]
pub(crate) async fn report_outreach(
    State(state): State<Admin>,
    call: Call,
    headers: HeaderMap,
    Query(wanted): Query<OutreachParameters>,
) -> Result<Response, Problem> {
    let media = report_media(&headers)?;
    let now = state.now();
    let periods = wanted.days.periods(now)?;
    let firms = Firms {
        classes: wanted.class.iter().map(ToString::to_string).collect(),
        counties: wanted.county,
    };
    let report = read!(state.portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        reports::outreach(tx, &periods, &firms, now).await
    });
    let report = report?;
    match wanted.table.unwrap_or_default() {
        OutreachTable::Counties => answer(media, report, counties, "outreach-by-county"),
        OutreachTable::Classes => answer(media, report, classes, "outreach-by-class"),
        OutreachTable::Periods => answer(media, report, of_periods, "outreach"),
    }
}

fn counties(report: OutreachReport) -> Vec<Row> {
    let rows = report.by_county.into_iter().map(|row| Row {
        name: row.county,
        standings: row.standings,
    });
    rows.collect()
}

fn classes(report: OutreachReport) -> Vec<Row> {
    let rows = report.by_class.into_iter().map(|row| Row {
        name: Some(row.class),
        standings: row.standings,
    });
    rows.collect()
}

fn of_periods(report: OutreachReport) -> Vec<PeriodRow> {
    report.periods.into_iter().map(PeriodRow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "report_outreach");
        assert_eq!(portal_http::query::names::<OutreachParameters>(), documented);
    }
}
