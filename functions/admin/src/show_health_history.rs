//! `GET /v1/admin/health/history`

use axum::Json;
use axum::extract::State;
use portal_data::{health, read};
use portal_domain::operations::Series;
use portal_http::problem::Fault;
use portal_http::query::{FilterText, FromQuery, Query, QueryReader};
use portal_http::{Call, Problem};
use utoipa::IntoParams;

use crate::permitted::permit;
use crate::series_parameters::SeriesParameters;
use crate::state::Admin;

/// Which check.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryParameters {
    #[param(ignore)]
    series: SeriesParameters,
    /// The name of a check, as `GET /v1/admin/health` has it.
    #[param(value_type = FilterText, example = "pool-use")]
    check: String,
}

impl FromQuery for HistoryParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let series = SeriesParameters::read(query);
        let check = query.required("check");
        Some(Self {
            series: series?,
            check: check?,
        })
    }
}

/// Shows what a check found over time, for a plot.
#[utoipa::path(
    get,
    path = "/v1/admin/health/history",
    operation_id = "show_health_history",
    tag = "admin",
    params(HistoryParameters, SeriesParameters),
    responses((status = 200, description = "Its values.", body = Series)),
)]
pub(crate) async fn show_health_history(
    State(state): State<Admin>,
    call: Call,
    Query(wanted): Query<HistoryParameters>,
) -> Result<Json<Series>, Problem> {
    let window = wanted.series.window(state.now())?;
    let metric = health::history_of(&wanted.check)
        .ok_or_else(|| Problem::invalid(vec![Fault::query("check", "there is no check by this name")]))?;
    let series = read!(state.portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        health::series(tx, &metric, wanted.series.subject.as_deref(), &window).await
    });
    Ok(Json(series?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "show_health_history");
        assert_eq!(portal_http::query::names::<HistoryParameters>(), documented);
    }
}
