//! `GET /v1/admin/metrics`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::{health, read};
use portal_domain::operations::Series;
use portal_http::query::{FilterText, FromQuery, Query, QueryReader};
use portal_http::{Call, Problem};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::permitted::permit;
use crate::series_parameters::SeriesParameters;
use crate::state::Admin;

/// Which metric.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MetricParameters {
    #[param(ignore)]
    series: SeriesParameters,
    /// The name of a metric; without it the answer is the names that there are.
    #[param(value_type = Option<FilterText>, nullable = false, example = "health.pool-use")]
    name: Option<String>,
}

impl FromQuery for MetricParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let series = SeriesParameters::read(query);
        let name = query.text("name", 100);
        Some(Self {
            series: series?,
            name,
        })
    }
}

/// What metrics there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MetricNames {
    /// Those that were measured in the last day.
    names: Vec<String>,
}

/// A series, or the names of what there are series of.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "it describes two answers, each of which is written where it is made"
)]
pub(crate) enum MetricsAnswer {
    /// A series.
    Series(Series),
    /// The names.
    Names(MetricNames),
}

/// Shows a metric over time, for a plot; without `name`, which metrics there are.
#[utoipa::path(
    get,
    path = "/v1/admin/metrics",
    operation_id = "show_metrics",
    tag = "admin",
    params(MetricParameters, SeriesParameters),
    responses((status = 200, description = "Its values, or the names.", body = MetricsAnswer)),
)]
pub(crate) async fn show_metrics(
    State(state): State<Admin>,
    call: Call,
    Query(wanted): Query<MetricParameters>,
) -> Result<Response, Problem> {
    let now = state.now();
    let window = wanted.series.window(now)?;
    let Some(name) = &wanted.name else {
        let names = read!(state.portal.database(), &call.context, |tx| {
            permit(tx, &call).await?;
            health::metric_names(tx, now).await
        });
        return Ok(Json(MetricNames { names: names? }).into_response());
    };
    let series = read!(state.portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        health::series(tx, name, wanted.series.subject.as_deref(), &window).await
    });
    Ok(Json(series?).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "show_metrics");
        assert_eq!(portal_http::query::names::<MetricParameters>(), documented);
    }
}
