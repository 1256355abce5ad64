//! Who you are: accounts, sign-ins, second factors and the tokens that the other functions trust.

mod access_token;
mod refresh_key;
mod show_jwks;
mod show_openid_configuration;
mod state;
mod token_secret;
mod well_known;

use portal_http::Operations;
use utoipa::OpenApi;

pub use state::Auth;

/// The function's name.
pub const FUNCTION: &str = "auth";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<Auth> {
    Operations::of(FUNCTION)
        .bind("show_jwks", show_jwks::show_jwks)
        .bind(
            "show_openid_configuration",
            show_openid_configuration::show_openid_configuration,
        )
}

#[derive(OpenApi)]
#[openapi(paths(
    show_jwks::show_jwks,
    show_openid_configuration::show_openid_configuration
))]
struct Document;

/// The function's part of the OpenAPI document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    portal_http::openapi::complete(Document::openapi())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_description_and_table_agree() {
        assert_eq!(operations().into_router().err(), None);
        assert_eq!(
            portal_http::openapi::differences(FUNCTION, &openapi()),
            Vec::<String>::new()
        );
    }
}
