//! `GET /.well-known/jwks.json`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_http::Problem;
use portal_http::query::{NoParameters, Query};
use portal_http::token::PublicKeys;

use crate::state::Auth;
use crate::well_known;

/// Shows the public keys that access tokens are verified with, as a JSON Web Key Set (RFC 7517).
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    operation_id = "show_jwks",
    tag = "auth",
    responses((status = 200, description = "The keys: those of every token that is still good.", body = PublicKeys,
        headers(("ETag" = String, description = "The entity tag of this document.")))),
)]
pub(crate) async fn show_jwks(
    State(auth): State<Auth>,
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let keys = auth.portal.tokens().public_keys().await?;
    well_known::respond(&headers, &keys)
}
