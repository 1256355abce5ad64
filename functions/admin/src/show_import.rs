//! `GET /v1/admin/imports/{id}`

use axum::Json;
use axum::extract::State;
use portal_data::{imports, read};
use portal_domain::ids::ImportId;
use portal_domain::listing::ImportListing;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::permitted::permit;

/// Shows an import: how much of its file is read, at what rate, and what came of it.
#[utoipa::path(
    get,
    path = "/v1/admin/imports/{id}",
    operation_id = "show_import",
    tag = "admin",
    params(("id" = ImportId, Path, description = "The import's id.")),
    responses((status = 200, description = "The import.", body = ImportListing)),
)]
pub(crate) async fn show_import(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Json<ImportListing>, Problem> {
    let id: ImportId = path.read("id")?;
    let import = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        imports::show(tx, id).await
    });
    import?.map(Json).ok_or_else(no_import)
}

/// There is no such import.
pub(crate) fn no_import() -> Problem {
    Problem::not_found("There is no import by this id.")
}
