//! A single resource as JSON, with the entity tag of just this representation.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::etag::EntityTag;
use crate::negotiate::MediaType;
use crate::problem::Problem;

/// The resource, or 304 when the client has this representation already.
///
/// # Errors
/// A 500 problem when the resource cannot be written as JSON.
pub fn respond<T: Serialize>(headers: &HeaderMap, version: i32, resource: &T) -> Result<Response, Problem> {
    let body = serde_json::to_vec(resource)
        .map_err(|error| Problem::internal(&format!("a resource cannot be written as JSON: {error}")))?;
    let content_type = MediaType::Json.content_type();
    let tag = EntityTag::of(version, content_type, &body);
    Ok(tag.answer(headers, ([(CONTENT_TYPE, content_type)], body).into_response()))
}
