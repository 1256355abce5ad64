//! On whose behalf a request runs: the `Authorization` header against what the route asks for.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use portal_domain::Caller;
use time::OffsetDateTime;

use crate::problem::{Problem, ProblemKind};
use crate::routes::{Authentication, Route};
use crate::token::TokenVerifier;

/// Decides who calls, before anything else is done for the request.
///
/// A token that is sent is never passed over, except where a route looks at none: a member whose token has gone bad is told so
/// instead of being shown less than usual.
///
/// # Errors
/// A 401 problem when the route needs a sign-in and none is sent, and for a token that cannot be verified; a 503 problem when
/// the keys for that cannot be had.
pub async fn identify(
    headers: &HeaderMap,
    route: &Route,
    tokens: Option<&TokenVerifier>,
    now: OffsetDateTime,
) -> Result<Caller, Problem> {
    if route.authentication == Authentication::None {
        return Ok(Caller::Anonymous);
    }
    match (bearer_token(headers)?, tokens) {
        (Some(token), Some(tokens)) => tokens.verify(token, now).await,
        (Some(_), None) => Err(Problem::internal("a route takes sign-ins but was given no keys")),
        (None, _) if route.authentication == Authentication::Required => Err(refuse(
            "This route needs a sign-in: send an access token as Authorization: Bearer.",
        )),
        (None, _) => Ok(Caller::Anonymous),
    }
}

/// The token of an `Authorization: Bearer` header (RFC 6750, section 2.1), if one is sent.
fn bearer_token(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let credentials = value.to_str().ok().and_then(|text| text.split_once(' '));
    match (credentials, values.next()) {
        (Some((scheme, token)), None)
            if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() =>
        {
            Ok(Some(token.trim()))
        }
        _ => Err(refuse(
            "The Authorization header is not of the form Bearer <token>.",
        )),
    }
}

fn refuse(detail: &str) -> Problem {
    Problem::new(ProblemKind::Unauthenticated, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes;
    use axum::http::HeaderValue;
    use portal_data::{Environment, Secrets};

    const SETTINGS: [(&str, &str); 2] = [
        ("PORTAL_PUBLIC_URL", "https://api.example"),
        ("PORTAL_TOKEN_KEYS_SECRET", "portal/token-keys"),
    ];

    async fn identify_on(route: &Route, authorization: Option<&'static str>) -> Result<Caller, ProblemKind> {
        let value = authorization.map(|value| (AUTHORIZATION, HeaderValue::from_static(value)));
        let tokens = TokenVerifier::read(Environment::of(&SETTINGS), Secrets::default()).unwrap();
        let now = OffsetDateTime::UNIX_EPOCH;
        identify(&HeaderMap::from_iter(value), route, Some(&tokens), now)
            .await
            .map_err(|problem| problem.kind())
    }

    fn open() -> &'static Route {
        routes::find("list_contractors").unwrap()
    }

    #[tokio::test]
    async fn without_a_token_open_routes_serve_everyone() {
        assert_eq!(identify_on(open(), None).await, Ok(Caller::Anonymous));
        let blind = routes::find("show_openapi").unwrap();
        assert_eq!(identify_on(blind, Some("Bearer x")).await, Ok(Caller::Anonymous));
    }

    #[tokio::test]
    async fn a_token_that_cannot_be_verified_is_refused_on_open_routes_too() {
        for header in [
            "Bearer x",
            "bearer x",
            "Bearer",
            "Bearer  ",
            "Basic eDp5",
            "x",
            "",
        ] {
            let refusal = identify_on(open(), Some(header)).await;
            assert_eq!(refusal, Err(ProblemKind::Unauthenticated), "{header:?}");
        }
    }

    #[tokio::test]
    async fn a_closed_route_asks_for_a_sign_in() {
        let closed = routes::find("show_me").unwrap();
        assert_eq!(identify_on(closed, None).await, Err(ProblemKind::Unauthenticated));
    }
}
