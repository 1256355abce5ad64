//! `GET /v1/docs/page/{version}/{name}`

use axum::response::Response;
use portal_http::query::{NoParameters, Query};
use portal_http::{PathParameters, Problem};

use crate::show_api_page::SITE;

/// Shows a file that the page of the API loads.
#[utoipa::path(
    get,
    path = "/v1/docs/page/{version}/{name}",
    operation_id = "show_api_page_file",
    tag = "docs",
    params(
        ("version" = String, Path, description = "What /v1/docs names; it changes with the contents."),
        ("name" = String, Path, description = "The file's name."),
    ),
    responses((status = 200, description = "The file.", content(
        (String = "text/javascript"),
        (String = "text/css"),
        (String = "image/svg+xml"),
    ))),
)]
pub(crate) async fn show_api_page_file(
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let (version, name): (String, String) = (path.read("version")?, path.read("name")?);
    SITE.show_file(&version, &name)
}
