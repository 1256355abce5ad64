//! `GET /v1/admin/health`

use axum::Json;
use axum::extract::State;
use portal_data::{health, read};
use portal_domain::operations::HealthReport;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Problem};

use crate::permitted::permit;
use crate::state::Admin;

/// Shows what every check found when it was last made, what is wrong and since when, and how the last run of each job ended.
#[utoipa::path(
    get,
    path = "/v1/admin/health",
    operation_id = "show_health",
    tag = "admin",
    responses((status = 200, description = "The report.", body = HealthReport)),
)]
pub(crate) async fn show_health(
    State(state): State<Admin>,
    call: Call,
    _: Query<NoParameters>,
) -> Result<Json<HealthReport>, Problem> {
    let now = state.now();
    let report = read!(state.portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        health::report(tx, &state.runbook, now).await
    });
    Ok(Json(report?))
}
