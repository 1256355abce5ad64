//! `GET /v1/problems`

use axum::http::HeaderMap;
use axum::response::Response;
use portal_http::query::{NoParameters, Query};
use portal_http::{Problem, ProblemKind};

use crate::page;
use crate::problem_type::{ProblemType, ProblemTypes};

/// Lists every type of problem that the API answers with.
#[utoipa::path(
    get,
    path = "/v1/problems",
    operation_id = "list_problem_types",
    tag = "docs",
    responses((status = 200, description = "The types, by status.", content(
        (String = "text/html"),
        (ProblemTypes = "application/json"),
    ))),
)]
pub(crate) async fn list_problem_types(
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let types: Vec<_> = ProblemKind::ALL
        .iter()
        .map(|kind| ProblemType::from(*kind))
        .collect();
    let entry = |kind: &ProblemType| {
        format!(
            "<li>{} <a href=\"{}\">{}</a></li>",
            kind.status,
            page::text(&kind.kind),
            page::text(kind.title)
        )
    };
    let entries: String = types.iter().map(entry).collect();
    let page = page::layout(
        "Problems that the API answers with",
        &format!("<ul>{entries}</ul>"),
    );
    page::answer(&headers, &ProblemTypes { items: types }, page)
}
