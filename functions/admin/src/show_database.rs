//! `GET /v1/admin/database`

use axum::Json;
use axum::extract::State;
use portal_data::server;
use portal_domain::operations::DatabaseReport;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Problem};

use crate::permitted::permit;
use crate::state::Admin;

/// Shows how the database server is: connections, memory, transactions, sizes, replicas, and the statements that took most time.
#[utoipa::path(
    get,
    path = "/v1/admin/database",
    operation_id = "show_database",
    tag = "admin",
    responses((status = 200, description = "The figures of the primary.", body = DatabaseReport)),
)]
pub(crate) async fn show_database(
    State(state): State<Admin>,
    call: Call,
    _: Query<NoParameters>,
) -> Result<Json<DatabaseReport>, Problem> {
    // Not on a replica: who is connected, and how far replicas are behind, is told by the primary.
    let mut tx = state.portal.database().begin(&call.context).await?;
    permit(&mut tx, &call).await?;
    let report = server::report(&mut tx, state.now()).await?;
    tx.rollback().await?;
    Ok(Json(report))
}
