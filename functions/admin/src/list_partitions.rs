//! `GET /v1/admin/partitions`

use axum::Json;
use axum::extract::State;
use portal_data::{partitions, read};
use portal_domain::operations::PartitionsReport;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Problem};

use crate::permitted::permit;
use crate::state::Admin;

/// Lists the tables that are partitioned by time: their partitions, what is missing, and what went to S3.
#[utoipa::path(
    get,
    path = "/v1/admin/partitions",
    operation_id = "list_partitions",
    tag = "admin",
    responses((status = 200, description = "The tables.", body = PartitionsReport)),
)]
pub(crate) async fn list_partitions(
    State(state): State<Admin>,
    call: Call,
    _: Query<NoParameters>,
) -> Result<Json<PartitionsReport>, Problem> {
    let now = state.now();
    let report = read!(state.portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        partitions::report(tx, now).await
    });
    Ok(Json(report?))
}
