//! `GET /v1/problems/{type}`

use axum::http::HeaderMap;
use axum::response::Response;
use portal_http::query::{NoParameters, Query};
use portal_http::{PathParameters, Problem, ProblemKind};

use crate::page;
use crate::problem_type::ProblemType;

/// Describes a type of problem: what leads to it and what to do.
#[utoipa::path(
    get,
    path = "/v1/problems/{type}",
    operation_id = "show_problem_type",
    tag = "docs",
    params(("type" = String, Path, description = "The last segment of the type's URI.", example = "not-found")),
    responses((status = 200, description = "The type.", content(
        (String = "text/html"),
        (ProblemType = "application/json"),
    ))),
)]
pub(crate) async fn show_problem_type(
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let slug: String = path.read("type")?;
    let kind = ProblemKind::from_slug(&slug).ok_or_else(|| {
        Problem::not_found("There is no type of problem by this name; /v1/problems lists them all.")
    })?;
    let kind = ProblemType::from(kind);
    let contents = format!(
        "<p>Status {}</p><dl><dt>What leads to it</dt><dd>{}</dd><dt>What to do</dt><dd>{}</dd></dl>\
         <p><a href=\"/v1/problems\">All problems</a></p>",
        kind.status,
        page::text(kind.cause),
        page::text(kind.remedy)
    );
    let page = page::layout(kind.title, &contents);
    page::answer(&headers, &kind, page)
}
