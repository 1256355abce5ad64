//! `GET /v1/admin/page/{version}/{name}`

use axum::response::Response;
use portal_http::query::{NoParameters, Query};
use portal_http::{PathParameters, Problem};

use crate::show_operations_page::SITE;

/// Shows a file that the operations page loads.
#[utoipa::path(
    get,
    path = "/v1/admin/page/{version}/{name}",
    operation_id = "show_operations_page_file",
    tag = "admin",
    params(
        ("version" = String, Path, description = "What /v1/admin/ names; it changes with the contents."),
        ("name" = String, Path, description = "The file's name."),
    ),
    responses((status = 200, description = "The file.", content(
        (String = "text/javascript"),
        (String = "text/css"),
        (String = "image/svg+xml"),
        (Object = "application/json"),
    ))),
)]
pub(crate) async fn show_operations_page_file(
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let (version, name): (String, String) = (path.read("version")?, path.read("name")?);
    SITE.show_file(&version, &name)
}
