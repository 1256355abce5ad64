//! Entity tags: `"<version>.<digest>"`.
//!
//! The whole tag is that of one representation, so it changes with the media type and with what the caller may see. The
//! version before the dot is the row's, so that a guarded write is refused only when the row itself has changed.

use axum::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::problem::{Problem, ProblemKind};

/// The entity tag of one representation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityTag {
    version: String,
    digest: String,
}

impl EntityTag {
    /// The tag of a representation: the row's version and the very bytes that are sent.
    #[must_use]
    pub fn of(version: i32, content_type: &str, body: &[u8]) -> Self {
        Self {
            version: version.to_string(),
            digest: digest(content_type, body),
        }
    }

    /// The tag of a document that has no version but its contents.
    #[must_use]
    pub fn of_contents(content_type: &str, body: &[u8]) -> Self {
        Self {
            version: "0".to_owned(),
            digest: digest(content_type, body),
        }
    }

    /// The tag as a header value.
    #[must_use]
    pub fn header(&self) -> String {
        format!("\"{}.{}\"", self.version, self.digest)
    }

    /// Whether `If-None-Match` names this representation, so that nothing need be sent. Weak tags compare equal here.
    #[must_use]
    pub fn is_known(&self, headers: &HeaderMap) -> bool {
        let own = self.header();
        tags(headers, IF_NONE_MATCH).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == own)
    }

    /// The response with this tag; without its body when the client has the representation already.
    #[must_use]
    pub fn answer(&self, headers: &HeaderMap, response: Response) -> Response {
        let mut response = if self.is_known(headers) {
            let mut unchanged = StatusCode::NOT_MODIFIED.into_response();
            *unchanged.headers_mut() = response.headers().clone();
            unchanged.headers_mut().remove(axum::http::header::CONTENT_TYPE);
            unchanged.headers_mut().remove(axum::http::header::CONTENT_LENGTH);
            unchanged
        } else {
            response
        };
        if let Ok(value) = HeaderValue::from_str(&self.header()) {
            response.headers_mut().insert(ETAG, value);
        }
        response
    }
}

/// Guards a write by `If-Match`, where it is sent.
///
/// # Errors
/// A 412 problem when none of the tags is of the row's present version.
pub fn guard(headers: &HeaderMap, version: i32) -> Result<(), Problem> {
    if !headers.contains_key(IF_MATCH) {
        return Ok(());
    }
    let prefix = format!("\"{version}.");
    let fresh =
        tags(headers, IF_MATCH).any(|tag| tag == "*" || (tag.starts_with(&prefix) && tag.ends_with('"')));
    if fresh {
        return Ok(());
    }
    Err(Problem::new(
        ProblemKind::PreconditionFailed,
        "The resource has changed since the entity tag in If-Match was given: read it again.",
    ))
}

fn digest(content_type: &str, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(content_type.as_bytes());
    hash.update([0]);
    hash.update(body);
    let mut digest = URL_SAFE_NO_PAD.encode(hash.finalize());
    digest.truncate(22);
    digest
}

/// The tags of a header's list. Ours hold no comma, so splitting there is safe.
fn tags(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn a_tag_is_of_one_representation() {
        let tag = EntityTag::of(3, "application/json", b"{}");
        assert_ne!(tag, EntityTag::of(3, "application/geo+json", b"{}"));
        assert_ne!(tag, EntityTag::of(4, "application/json", b"{}"));
        assert_ne!(tag, EntityTag::of(3, "application/json", b"{\"a\":1}"));
        assert!(tag.header().starts_with("\"3."));
    }

    #[test]
    fn if_none_match_takes_lists_weak_tags_and_the_star() {
        let tag = EntityTag::of(3, "application/json", b"{}");
        let own = tag.header();
        for value in [
            own.clone(),
            format!("W/{own}"),
            format!("\"x\", {own}"),
            "*".to_owned(),
        ] {
            assert!(tag.is_known(&headers(IF_NONE_MATCH, &value)), "{value}");
        }
        for value in [
            "\"x\"".to_owned(),
            own.trim_matches('"').to_owned(),
            String::new(),
        ] {
            assert!(!tag.is_known(&headers(IF_NONE_MATCH, &value)), "{value}");
        }
    }

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        let tag = EntityTag::of(3, "application/json", b"{}");
        let response = tag.answer(
            &headers(IF_NONE_MATCH, &tag.header()),
            axum::Json(1).into_response(),
        );
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        assert!(!response.headers().contains_key("content-type"));
        assert_eq!(response.headers()[ETAG], tag.header());
        let response = tag.answer(&HeaderMap::new(), axum::Json(1).into_response());
        assert_eq!(response.status(), StatusCode::OK);
    }

    #[test]
    fn if_match_guards_the_version_whatever_was_seen_of_the_row() {
        let seen = EntityTag::of(3, "application/json", b"{\"applicationCount\":1}").header();
        assert!(guard(&HeaderMap::new(), 9).is_ok());
        assert!(guard(&headers(IF_MATCH, &seen), 3).is_ok());
        assert!(guard(&headers(IF_MATCH, "*"), 3).is_ok());
        assert!(guard(&headers(IF_MATCH, &format!("\"y\", {seen}")), 3).is_ok());
        for stale in [
            seen.clone(),
            "W/\"4.x\"".to_owned(),
            "\"4x\"".to_owned(),
            String::new(),
        ] {
            let refusal = guard(&headers(IF_MATCH, &stale), 4).unwrap_err();
            assert_eq!(refusal.kind(), ProblemKind::PreconditionFailed);
        }
    }
}
