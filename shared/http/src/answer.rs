//! What a write answers with: a status, a resource with its entity tag, and the token of the write.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderName, HeaderValue, Response as HttpResponse, StatusCode};
use axum::response::Response;
use portal_data::ConsistencyToken;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::call::CONSISTENCY;
use crate::etag::EntityTag;
use crate::negotiate::MediaType;
use crate::problem::Problem;

/// An answer that can be kept and given again to a retry; it never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// 201 with the new resource and where it is.
    ///
    /// # Errors
    /// A 500 problem when the resource cannot be written as JSON.
    pub fn created<T: Serialize>(location: &str, version: i32, resource: &T) -> Result<Self, Problem> {
        let mut answer = Self::of(StatusCode::CREATED, resource)?;
        answer.tag(version);
        answer.headers.push((LOCATION, location.to_owned()));
        Ok(answer)
    }

    /// 200 with a resource as it has become.
    ///
    /// # Errors
    /// A 500 problem when the resource cannot be written as JSON.
    pub fn resource<T: Serialize>(version: i32, resource: &T) -> Result<Self, Problem> {
        let mut answer = Self::of(StatusCode::OK, resource)?;
        answer.tag(version);
        Ok(answer)
    }

    /// 202 with a resource that is not yet as was asked.
    ///
    /// # Errors
    /// A 500 problem when it cannot be written as JSON.
    pub fn accepted<T: Serialize>(version: i32, resource: &T) -> Result<Self, Problem> {
        let mut answer = Self::of(StatusCode::ACCEPTED, resource)?;
        answer.tag(version);
        Ok(answer)
    }

    /// 200 with something that is no resource of its own.
    ///
    /// # Errors
    /// A 500 problem when it cannot be written as JSON.
    pub fn json<T: Serialize>(value: &T) -> Result<Self, Problem> {
        Self::of(StatusCode::OK, value)
    }

    /// 204.
    #[must_use]
    pub const fn nothing() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// What an answer says, for routes that complete a kept one with what cannot be kept.
    ///
    /// # Errors
    /// A 500 problem when it says something else.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Problem::internal(&format!("a kept answer cannot be read: {error}")))
    }

    /// The response, with the token of the transaction that wrote, so that the client can read its own write anywhere.
    #[must_use]
    pub fn respond(self, written: Option<ConsistencyToken>) -> Response {
        let mut response: Response = HttpResponse::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let token = written.map(|token| (HeaderName::from_static(CONSISTENCY), token.to_string()));
        for (name, value) in self.headers.into_iter().chain(token) {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }

    fn of<T: Serialize>(status: StatusCode, value: &T) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value)
            .map_err(|error| Problem::internal(&format!("an answer cannot be written as JSON: {error}")))?;
        Ok(Self {
            status,
            headers: vec![(CONTENT_TYPE, MediaType::Json.content_type().to_owned())],
            body,
        })
    }

    fn tag(&mut self, version: i32) {
        let tag = EntityTag::of(version, MediaType::Json.content_type(), &self.body);
        self.headers.push((ETAG, tag.header()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_created_resource_has_its_place_its_tag_and_the_token() {
        let answer = Answer::created("/v1/projects/7", 1, &json!({"id": 7})).unwrap();
        let response = answer.respond("2f1".parse().ok());
        assert_eq!(response.status(), StatusCode::CREATED);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("location"), "/v1/projects/7");
        assert_eq!(header("portal-consistency"), "2f1");
        assert!(header("etag").starts_with("\"1."));
    }

    #[test]
    fn nothing_is_204_without_a_body() {
        let response = Answer::nothing().respond(None);
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert!(response.headers().is_empty());
    }
}
