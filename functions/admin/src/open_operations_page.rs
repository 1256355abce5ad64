//! `GET /v1/admin`

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse as _, Response};
use portal_http::Problem;
use portal_http::query::{NoParameters, Query};

/// Leads to the operations page.
#[utoipa::path(
    get,
    path = "/v1/admin",
    operation_id = "open_operations_page",
    tag = "admin",
    responses((status = 308, description = "The page is at `/v1/admin/`.",
        headers(("Location" = String, description = "Where the page is.")))),
)]
pub(crate) async fn open_operations_page(_: Query<NoParameters>) -> Result<Response, Problem> {
    Ok((StatusCode::PERMANENT_REDIRECT, [(LOCATION, "/v1/admin/")]).into_response())
}
