//! The OpenAPI document of the whole API, merged from the functions' parts.

use std::path::PathBuf;

use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, ServerBuilder};

/// The version of the contract, raised when it grows; what would break a client gets a new path instead of `/v1`.
const VERSION: &str = "1.0.0";

/// Where the document is kept: the `docs` function serves it.
#[must_use]
pub fn path() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../functions/docs/openapi.json"
    ))
}

/// The parts, by function.
#[must_use]
pub fn parts() -> Vec<(&'static str, OpenApi)> {
    vec![
        (admin::FUNCTION, admin::openapi()),
        (auth::FUNCTION, auth::openapi()),
        (directory::FUNCTION, directory::openapi()),
        (docs::FUNCTION, docs::openapi()),
        (messaging::FUNCTION, messaging::openapi()),
        (events::FUNCTION, events::openapi()),
        (learning::FUNCTION, learning::openapi()),
        (payments::FUNCTION, payments::openapi()),
        (projects_geo::FUNCTION, projects_geo::openapi()),
        (search::FUNCTION, search::openapi()),
    ]
}

/// How the parts and the table of routes differ.
#[must_use]
pub fn differences() -> Vec<String> {
    let parts = parts();
    let mut differences: Vec<_> = parts
        .iter()
        .flat_map(|(function, document)| portal_http::openapi::differences(function, document))
        .collect();
    let described = |function: &str| parts.iter().any(|(name, _)| *name == function);
    let undescribed = portal_http::routes::all().filter(|route| !described(route.function));
    differences.extend(undescribed.map(|route| format!("{} has no part of the document", route.function)));
    differences
}

/// The document as it is to be committed: the same text for the same code.
#[must_use]
pub fn document() -> String {
    let info = InfoBuilder::new()
        .title("NAMC NorCal member portal")
        .version(VERSION)
        .description(Some("Contractors, projects and members of the National Association of Minority Contractors, Northern California."));
    let mut document = OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([ServerBuilder::new().url("/").build()]))
        .build();
    for (_, part) in parts() {
        document.merge(part);
    }
    let mut text = document.to_pretty_json().expect("the document is JSON");
    text.push('\n');
    text
}
