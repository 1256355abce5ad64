//! What operations of the document have in common: headers, the security scheme, the problems.

use utoipa::ToSchema;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, Required, Response};

use crate::problem::{PROBLEM_JSON, ProblemDocument, ProblemKind};

pub(super) fn header_parameter(name: &str, description: &str, schema: Schema) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

pub(super) fn text() -> Schema {
    ObjectBuilder::new().schema_type(Type::String).build().into()
}

pub(super) fn text_header(description: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(text()))
        .description(Some(description))
        .build()
}

pub(super) fn request_id_header() -> Header {
    text_header("The id under which the request is logged.")
}

pub(super) fn rate_limit_headers() -> [(String, Header); 2] {
    [
        (
            "RateLimit",
            "What is left of each limit: `r` requests, for `t` seconds more.",
        ),
        (
            "RateLimit-Policy",
            "Each limit: `q` requests in a window of `w` seconds.",
        ),
    ]
    .map(|(name, description)| (name.to_owned(), text_header(description)))
}

pub(super) fn bearer_scheme() -> SecurityScheme {
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT");
    SecurityScheme::Http(
        scheme
            .description(Some("An access token from POST /v1/auth/login."))
            .build(),
    )
}

/// Every status that some kind of problem has.
pub(super) fn statuses() -> Vec<u16> {
    let mut statuses: Vec<_> = ProblemKind::ALL
        .iter()
        .map(|kind| kind.status().as_u16())
        .collect();
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

pub(super) fn problem_name(status: u16) -> String {
    format!("Problem{status}")
}

pub(super) fn problem_response(status: u16) -> Response {
    let kinds = ProblemKind::ALL
        .iter()
        .filter(|kind| kind.status().as_u16() == status);
    let described: Vec<_> = kinds
        .map(|kind| format!("{} (`{}`)", kind.title(), kind.uri()))
        .collect();
    let document = Ref::from_schema_name(ProblemDocument::name());
    let mut response = ResponseBuilder::new()
        .description(described.join("; "))
        .content(PROBLEM_JSON, ContentBuilder::new().schema(Some(document)).build())
        .header("X-Request-Id", request_id_header());
    if status == 503 || status == 429 {
        response = response.header("Retry-After", text_header("How many seconds to wait."));
    }
    if status == 429 {
        for (name, header) in rate_limit_headers() {
            response = response.header(name, header);
        }
    }
    if status == 401 {
        response = response.header("WWW-Authenticate", text_header("How to sign in: Bearer."));
    }
    response.build()
}
