//! How the documents for other services and gateways are answered.

use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use portal_http::Problem;
use portal_http::etag::EntityTag;
use portal_http::negotiate::MediaType;
use serde::Serialize;

/// Five minutes: a key is published well before it signs, and readers fetch again for one that they do not know.
const CACHE: &str = "public, max-age=300";

/// The document, or 304 when the reader has it already. Always JSON, whatever `Accept` says: these readers are programs that
/// may send anything there.
pub(crate) fn respond<T: Serialize>(headers: &HeaderMap, document: &T) -> Result<Response, Problem> {
    let body = serde_json::to_vec(document)
        .map_err(|error| Problem::internal(&format!("a document cannot be written as JSON: {error}")))?;
    let content_type = MediaType::Json.content_type();
    let tag = EntityTag::of_contents(content_type, &body);
    let response = ([(CONTENT_TYPE, content_type), (CACHE_CONTROL, CACHE)], body);
    Ok(tag.answer(headers, response.into_response()))
}
