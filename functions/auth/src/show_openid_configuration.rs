//! `GET /.well-known/openid-configuration`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_http::Problem;
use portal_http::query::{NoParameters, Query};
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::Auth;
use crate::well_known;

/// What others need to know to verify access tokens (OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2).
///
/// The portal is no OpenID provider: nobody is sent here to sign in, and no ID tokens are issued. What discovery requires and
/// does not exist here is said to be empty.
#[derive(Serialize, ToSchema)]
struct OpenIdConfiguration {
    /// The `iss` of tokens.
    #[schema(format = "uri")]
    issuer: String,
    /// Where the keys are.
    #[schema(format = "uri")]
    jwks_uri: String,
    /// Where a refresh token is exchanged for new tokens.
    #[schema(format = "uri")]
    token_endpoint: String,
    /// Where the signed-in member is described.
    #[schema(format = "uri")]
    userinfo_endpoint: String,
    /// The ways in which others may send people here to sign in: none.
    response_types_supported: [&'static str; 0],
    /// What the token endpoint takes.
    grant_types_supported: [&'static str; 1],
    /// How clients prove who they are there: they do not, the refresh token does.
    token_endpoint_auth_methods_supported: [&'static str; 1],
    /// The subject is the same for every reader.
    subject_types_supported: [&'static str; 1],
    /// How tokens are signed.
    id_token_signing_alg_values_supported: [&'static str; 1],
    /// The claims of an access token.
    claims_supported: [&'static str; 8],
}

/// Shows where the keys of access tokens are and what the tokens hold.
#[utoipa::path(
    get,
    path = "/.well-known/openid-configuration",
    operation_id = "show_openid_configuration",
    tag = "auth",
    responses((status = 200, description = "The discovery document.", body = OpenIdConfiguration,
        headers(("ETag" = String, description = "The entity tag of this document.")))),
)]
pub(crate) async fn show_openid_configuration(
    State(auth): State<Auth>,
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    well_known::respond(&headers, &describe(&auth.portal.tokens().settings().issuer))
}

fn describe(issuer: &str) -> OpenIdConfiguration {
    OpenIdConfiguration {
        issuer: issuer.to_owned(),
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        token_endpoint: format!("{issuer}/v1/auth/refresh"),
        userinfo_endpoint: format!("{issuer}/v1/auth/me"),
        response_types_supported: [],
        grant_types_supported: ["refresh_token"],
        token_endpoint_auth_methods_supported: ["none"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        claims_supported: ["iss", "aud", "sub", "sid", "iat", "exp", "jti", "roles"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Method;
    use portal_http::routes;

    #[test]
    fn every_address_is_a_route() {
        let document = describe("https://api.example");
        for (method, address) in [
            (Method::GET, document.jwks_uri),
            (Method::POST, document.token_endpoint),
            (Method::GET, document.userinfo_endpoint),
        ] {
            let path = address.strip_prefix("https://api.example").unwrap();
            assert!(
                routes::all().any(|route| route.method == method && route.path == path),
                "{address}"
            );
        }
    }
}
