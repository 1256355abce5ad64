//! `POST /v1/admin/imports/{id}/undo`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use portal_data::staff::actions::{self, Target};
use portal_data::{DataError, imports};
use portal_domain::ids::ImportId;
use portal_domain::listing::ImportListing;
use portal_http::call::Written;
use portal_http::fields::Fields;
use portal_http::{Call, PathParameters, Problem};
use serde_json::json;

use crate::import_body::Because;
use crate::permitted::permit;
use crate::show_import::no_import;
use crate::state::Admin;

/// Has the newest completed import taken back.
///
/// Rows become what they were, and what the import had added goes, except where a member has claimed it or staff have worked on it. The
/// function that imports does it behind this answer: the import becomes `UNDONE`, or one of its `notes` says why not. Asked for again it
/// answers the same.
#[utoipa::path(
    post,
    path = "/v1/admin/imports/{id}/undo",
    operation_id = "undo_import",
    tag = "admin",
    params(("id" = ImportId, Path, description = "The import's id.")),
    request_body(content = Because, example = json!({"reason": "The file was of another state"})),
    responses(
        (status = 202, description = "The import, which is to be taken back.", body = ImportListing),
        (status = 409, description = "It is not completed, or another was completed after it."),
    ),
)]
pub(crate) async fn undo_import(
    State(state): State<Admin>,
    call: Call,
    path: PathParameters,
    Fields { value: body, .. }: Fields<Because>,
) -> Result<Response, Problem> {
    let id: ImportId = path.read("id")?;
    let me = call.member()?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    permit(&mut tx, &call).await?;
    let is_new = match imports::request_undo(&mut tx, id, me).await {
        Err(DataError::NotFound) => return Err(no_import()),
        asked => asked?,
    };
    if is_new {
        let target = Target::Row {
            table: "import_runs",
            id: id.to_string(),
            member: None,
        };
        actions::add(&mut tx, me, "imports.undo", &target, &body.reason, &json!({})).await?;
    }
    let import = imports::show(&mut tx, id).await?.ok_or_else(no_import)?;
    let written = tx.commit().await?;
    // It is written down: where nobody hears of it now, the next sweep does it.
    state.importer.invoke(&json!({"action": "sweep"})).await;
    Ok((StatusCode::ACCEPTED, Written(written), Json(import)).into_response())
}
