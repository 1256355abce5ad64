//! Problem documents (RFC 9457): the one shape of every error.

mod data;
mod kind;

use axum::Json;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use kind::ProblemKind;

use crate::rate_limit::RateLimits;

/// The media type of a problem document.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// How long a client waits before it asks again when the service is away, in seconds.
const RETRY_SECONDS: u32 = 2;

/// One fault in the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// Where it stands: a JSON pointer into the request, such as `/query/limit`, `/header/if-match` or `/body/title`.
    #[schema(example = "/query/limit")]
    pub pointer: String,
    /// What is wrong with it and what would be right.
    #[schema(example = "must be a whole number from 1 to 100")]
    pub detail: String,
}

impl Fault {
    /// A fault in a query parameter.
    #[must_use]
    pub fn query(name: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: format!("/query/{}", escape_pointer(name)),
            detail: detail.into(),
        }
    }

    /// A fault in a header, by its name in lower case.
    #[must_use]
    pub fn header(name: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: format!("/header/{name}"),
            detail: detail.into(),
        }
    }

    /// A fault in the body, by a JSON pointer into it.
    #[must_use]
    pub fn body(pointer: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: format!("/body{pointer}"),
            detail: detail.into(),
        }
    }
}

/// Escapes a name for a JSON pointer (RFC 6901, section 3).
pub(crate) fn escape_pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// An error on its way to the client; the edge adds the request's id and path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    kind: ProblemKind,
    detail: String,
    errors: Vec<Fault>,
    retry_after: Option<u32>,
    rate_limits: RateLimits,
}

impl Problem {
    /// A problem of a kind, with what happened this time.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        let retry_after = (kind.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(RETRY_SECONDS);
        Self {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after,
            rate_limits: RateLimits::default(),
        }
    }

    /// A problem that names faults in the request.
    #[must_use]
    pub fn with_faults(kind: ProblemKind, detail: impl Into<String>, errors: Vec<Fault>) -> Self {
        Self {
            errors,
            ..Self::new(kind, detail)
        }
    }

    /// Values that cannot be taken, all at once.
    #[must_use]
    pub fn invalid(errors: Vec<Fault>) -> Self {
        let detail = match errors.len() {
            1 => "One value cannot be taken.".to_owned(),
            count => format!("{count} values cannot be taken."),
        };
        Self::with_faults(ProblemKind::InvalidValues, detail, errors)
    }

    /// There is nothing by that name, as far as this caller may know.
    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::NotFound, detail)
    }

    /// A fault of the service: the cause is logged, the client learns the request id only.
    #[must_use]
    pub fn internal(cause: &str) -> Self {
        tracing::error!(cause, "the request failed through a fault of the service");
        Self::new(
            ProblemKind::Internal,
            "A fault in the service; it has been logged under this request id.",
        )
    }

    /// Asks the client to wait this many seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// Tells where the client stands with the limits that the request has been counted against.
    #[must_use]
    pub fn with_rate_limits(self, rate_limits: RateLimits) -> Self {
        Self { rate_limits, ..self }
    }

    /// What it tells the client.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What kind of problem it is.
    #[must_use]
    pub const fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// The faults that it names.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.errors
    }

    /// The document for one request; `instance` is the path that was asked for.
    pub(crate) fn document(&self, request_id: Uuid, instance: &str) -> ProblemDocument {
        ProblemDocument {
            kind: self.kind.uri(),
            title: self.kind.title(),
            status: self.kind.status().as_u16(),
            detail: self.detail.clone(),
            instance: instance.to_owned(),
            request_id,
            errors: self.errors.clone(),
        }
    }

    /// The whole response for one request.
    pub(crate) fn render(&self, request_id: Uuid, instance: &str) -> Response {
        let mut response = (self.kind.status(), Json(self.document(request_id, instance))).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        self.rate_limits.write(headers);
        if self.kind.status() == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl IntoResponse for Problem {
    /// A response that only carries the problem: the edge writes the body, since it knows the request's id and path.
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// The kind of problem: a URI, relative to the service, that shows its description.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference", example = "/v1/problems/invalid-values")]
    kind: String,
    /// A summary of the kind.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened this time.
    detail: String,
    /// The path that was asked for.
    #[schema(format = "uri-reference")]
    instance: String,
    /// The id under which the request is logged.
    request_id: Uuid,
    /// Every fault in the request, where the problem is one of its contents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fault>,
}
