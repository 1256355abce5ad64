//! On whose behalf a request runs: the `Authorization` header against what the route asks for.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use portal_domain::Caller;

use crate::problem::{Problem, ProblemKind};
use crate::routes::{Authentication, Route};

/// Decides who calls, before anything else is done for the request.
///
/// A token that is sent is never passed over, except where a route looks at none: a member whose token has gone bad is told so
/// instead of being shown less than usual.
///
/// # Errors
/// A 401 problem when the route needs a sign-in and none is sent, and for a token that cannot be verified.
pub fn identify(headers: &HeaderMap, route: &Route) -> Result<Caller, Problem> {
    if route.authentication == Authentication::None {
        return Ok(Caller::Anonymous);
    }
    match (bearer_token(headers)?, route.authentication) {
        (Some(_), _) => Err(refuse(
            "No issuer of access tokens is configured here, so this token cannot be verified.",
        )),
        (None, Authentication::Required) => Err(refuse(
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

    fn identify_on(operation: &str, authorization: Option<&'static str>) -> Result<Caller, ProblemKind> {
        let value = authorization.map(|value| (AUTHORIZATION, HeaderValue::from_static(value)));
        let route = routes::find(operation).unwrap();
        identify(&HeaderMap::from_iter(value), route).map_err(|problem| problem.kind())
    }

    #[test]
    fn without_a_token_open_routes_serve_everyone() {
        assert_eq!(identify_on("list_contractors", None), Ok(Caller::Anonymous));
        assert_eq!(
            identify_on("show_openapi", Some("Bearer x")),
            Ok(Caller::Anonymous)
        );
    }

    #[test]
    fn a_token_that_cannot_be_verified_is_refused_on_open_routes_too() {
        for header in [
            "Bearer x",
            "bearer x",
            "Bearer",
            "Bearer  ",
            "Basic eDp5",
            "x",
            "",
        ] {
            let refusal = identify_on("list_contractors", Some(header));
            assert_eq!(refusal, Err(ProblemKind::Unauthenticated), "{header:?}");
        }
    }

    #[test]
    fn a_closed_route_asks_for_a_sign_in() {
        let route = Route {
            authentication: Authentication::Required,
            ..copy("list_contractors")
        };
        assert!(identify(&HeaderMap::new(), &route).is_err());
    }

    fn copy(operation: &str) -> Route {
        let route = routes::find(operation).unwrap();
        Route {
            method: route.method.clone(),
            ..*route
        }
    }
}
