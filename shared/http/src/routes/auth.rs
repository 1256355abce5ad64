//! Sign-in, sessions and the keys of tokens.

use axum::http::Method;

use super::{DatabaseRole, Route};

pub(super) static ROUTES: &[Route] = &[
    sign_in("/v1/auth/register", "register_member").throttled(),
    sign_in("/v1/auth/verify-email", "verify_email").throttled(),
    sign_in("/v1/auth/login", "log_in").throttled(),
    sign_in("/v1/auth/mfa/challenge", "answer_mfa_challenge").throttled(),
    sign_in("/v1/auth/password/forgot", "forgot_password").throttled(),
    sign_in("/v1/auth/password/reset", "reset_password").throttled(),
    sign_in("/v1/auth/refresh", "refresh_session"),
    sign_in("/v1/auth/logout", "log_out"),
    own(Method::POST, "/v1/auth/logout-all", "log_out_everywhere"),
    own(Method::POST, "/v1/auth/password/change", "change_password").throttled(),
    own(Method::POST, "/v1/auth/email/change", "change_email").throttled(),
    own(Method::POST, "/v1/auth/mfa/totp", "begin_totp").throttled(),
    own(Method::DELETE, "/v1/auth/mfa/totp", "remove_totp").throttled(),
    own(Method::POST, "/v1/auth/mfa/totp/confirm", "confirm_totp").throttled(),
    own(
        Method::POST,
        "/v1/auth/mfa/recovery-codes",
        "renew_recovery_codes",
    )
    .throttled(),
    own(Method::GET, "/v1/auth/sessions", "list_sessions"),
    own(Method::DELETE, "/v1/auth/sessions/{id}", "revoke_session"),
    own(Method::GET, "/v1/auth/me", "show_me"),
    document("/.well-known/jwks.json", "show_jwks"),
    document("/.well-known/openid-configuration", "show_openid_configuration"),
];

/// For those who have yet to prove who they are.
const fn sign_in(path: &'static str, operation: &'static str) -> Route {
    own(Method::POST, path, operation).anonymous()
}

/// About the caller's own account.
const fn own(method: Method, path: &'static str, operation: &'static str) -> Route {
    Route::new("auth", method, path, operation).served_by(DatabaseRole::Auth)
}

/// Reads no member's data and no database.
const fn document(path: &'static str, operation: &'static str) -> Route {
    own(Method::GET, path, operation)
        .anonymous()
        .served_by(DatabaseRole::None)
}
