//! What a handler knows of the request that it answers.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponseParts, ResponseParts};
use portal_data::{ConsistencyToken, RequestContext};
use portal_domain::Caller;
use portal_domain::ids::{SessionId, UserId};
use uuid::Uuid;

use crate::problem::{Fault, Problem, ProblemKind};
use crate::routes::Route;

/// The header by which a client asks to see an earlier write of its own.
pub const CONSISTENCY: &str = "portal-consistency";

/// The request as the edge has admitted it: who asks, for which route, and what the database is to be told.
#[derive(Clone, Debug)]
pub struct Call {
    /// The row of the table that it matched.
    pub route: &'static Route,
    /// What every transaction of this request is begun with.
    pub context: RequestContext,
    pub(crate) address: Option<IpAddr>,
}

impl Call {
    /// Who asks, on a route that takes a sign-in.
    ///
    /// # Errors
    /// A 500 problem where the table of routes lets anonymous callers through.
    pub fn member(&self) -> Result<UserId, Problem> {
        self.sign_in().map(|(user, _)| user)
    }

    /// Who asks, and by which sign-in.
    ///
    /// # Errors
    /// As [`Call::member`].
    pub fn sign_in(&self) -> Result<(UserId, SessionId), Problem> {
        match self.context.caller {
            Caller::Member { user_id, session_id } => Ok((user_id, session_id)),
            Caller::Anonymous => Err(Problem::internal("a route for members has an anonymous caller")),
        }
    }

    /// Whether nobody has signed in.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.context.caller == Caller::Anonymous
    }

    /// The address that the gateway has seen the request come from. Headers, which anybody can write, are not looked at.
    #[must_use]
    pub const fn address(&self) -> Option<IpAddr> {
        self.address
    }
}

/// The write that an answer reports on, for its `Portal-Consistency` header: `(Written(tx.commit().await?), Json(…))`.
#[derive(Clone, Copy, Debug)]
pub struct Written(pub Option<ConsistencyToken>);

impl IntoResponseParts for Written {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        let value = self
            .0
            .and_then(|token| HeaderValue::from_str(&token.to_string()).ok());
        if let Some(value) = value {
            response.headers_mut().insert(CONSISTENCY, value);
        }
        Ok(response)
    }
}

impl<S: Sync> FromRequestParts<S> for Call {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let call = parts.extensions.get::<Self>().cloned();
        call.ok_or_else(|| Problem::internal("a handler runs outside the edge"))
    }
}

/// The context of a request's transactions.
///
/// # Errors
/// A 400 problem when `Portal-Consistency` is not a token of ours.
pub(crate) fn context(
    headers: &HeaderMap,
    request_id: Uuid,
    caller: Caller,
) -> Result<RequestContext, Problem> {
    let mut context = RequestContext::new(request_id, caller);
    if let Some(value) = headers.get(CONSISTENCY) {
        let token = value
            .to_str()
            .ok()
            .and_then(|text| text.parse::<ConsistencyToken>().ok());
        context.consistency = Some(token.ok_or_else(unreadable_token)?);
    }
    Ok(context)
}

fn unreadable_token() -> Problem {
    Problem::with_faults(
        ProblemKind::MalformedRequest,
        "Portal-Consistency is not a token that a write has answered with.",
        vec![Fault::header(
            CONSISTENCY,
            "send the Portal-Consistency header of an earlier answer as it was",
        )],
    )
}

/// The parameters of the path, decoded. What cannot be decoded names nothing, so it is a 404.
#[derive(Debug)]
pub struct PathParameters(RawPathParams);

impl PathParameters {
    /// Reads one parameter; what is not of its form names nothing.
    ///
    /// # Errors
    /// A 404 problem.
    pub fn read<T: std::str::FromStr>(&self, name: &str) -> Result<T, Problem> {
        let text = self
            .0
            .iter()
            .find(|(given, _)| *given == name)
            .map(|(_, value)| value);
        text.and_then(|text| text.parse().ok()).ok_or_else(nothing)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathParameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        RawPathParams::from_request_parts(parts, state)
            .await
            .map(Self)
            .map_err(|_| nothing())
    }
}

fn nothing() -> Problem {
    Problem::not_found("There is nothing by this id.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn an_answer_names_the_write_that_it_reports_on() {
        use axum::response::IntoResponse as _;
        let response = (Written("2f1".parse().ok()), "").into_response();
        assert_eq!(response.headers()[CONSISTENCY], "2f1");
        assert!(
            !(Written(None), "")
                .into_response()
                .headers()
                .contains_key(CONSISTENCY)
        );
    }

    #[test]
    fn a_consistency_token_is_read_or_refused() {
        let with = |value: &'static str| {
            HeaderMap::from_iter([(
                axum::http::HeaderName::from_static(CONSISTENCY),
                HeaderValue::from_static(value),
            )])
        };
        let read = |headers: &HeaderMap| context(headers, Uuid::nil(), Caller::Anonymous);
        assert!(read(&HeaderMap::new()).unwrap().consistency.is_none());
        assert!(read(&with("2f1")).unwrap().consistency.is_some());
        for bad in ["", "-1", "x y", "0"] {
            assert_eq!(
                read(&with(bad)).unwrap_err().kind(),
                ProblemKind::MalformedRequest,
                "{bad}"
            );
        }
    }
}
