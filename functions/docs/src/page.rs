//! The answer as a page or as JSON.

use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::{Problem, html};
use serde::Serialize;

pub(crate) use portal_http::html::{layout, text};

/// Pages only change with a deployment.
const CACHE: &str = "public, max-age=300";

/// The same contents as a page or as JSON, whichever the client wants; a page when it does not mind.
pub(crate) fn answer<T: Serialize>(
    headers: &HeaderMap,
    contents: &T,
    page: String,
) -> Result<Response, Problem> {
    let media = negotiate(headers, &[MediaType::Html, MediaType::Json])?;
    let mut response = match media {
        MediaType::Html => html::respond(page),
        _ => axum::Json(contents).into_response(),
    };
    let fixed = [
        (CONTENT_TYPE, media.content_type()),
        (CACHE_CONTROL, CACHE),
        (VARY, "accept"),
    ];
    for (name, value) in fixed {
        response
            .headers_mut()
            .insert(name, axum::http::HeaderValue::from_static(value));
    }
    Ok(response)
}
