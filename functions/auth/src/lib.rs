//! Who you are: accounts, sign-ins, second factors and the tokens that the other functions trust.

mod access_token;
mod answer_mfa_challenge;
mod argon2id;
mod begin_totp;
mod change_email;
mod change_password;
mod confirm_totp;
mod even_time;
mod forgot_password;
mod limits;
mod list_sessions;
mod log_in;
mod log_out;
mod log_out_everywhere;
mod mails;
mod member_account;
mod own_password;
mod password_hash;
mod proof;
mod recovery_codes;
mod refresh_key;
mod refresh_session;
mod refresh_token;
mod register_member;
mod remove_totp;
mod renew_recovery_codes;
mod reset_password;
mod revoke_session;
mod show_jwks;
mod show_me;
mod show_openid_configuration;
mod sign_in;
mod state;
mod token_secret;
mod totp;
mod verify_email;
mod well_known;

use portal_http::Operations;
use utoipa::OpenApi;

pub use password_hash::hash_password;
pub use state::Auth;

/// The function's name.
pub const FUNCTION: &str = "auth";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<Auth> {
    Operations::of(FUNCTION)
        .bind("register_member", register_member::register_member)
        .bind("verify_email", verify_email::verify_email)
        .bind("log_in", log_in::log_in)
        .bind("answer_mfa_challenge", answer_mfa_challenge::answer_mfa_challenge)
        .bind("begin_totp", begin_totp::begin_totp)
        .bind("confirm_totp", confirm_totp::confirm_totp)
        .bind("remove_totp", remove_totp::remove_totp)
        .bind("renew_recovery_codes", renew_recovery_codes::renew_recovery_codes)
        .bind("refresh_session", refresh_session::refresh_session)
        .bind("log_out", log_out::log_out)
        .bind("log_out_everywhere", log_out_everywhere::log_out_everywhere)
        .bind("forgot_password", forgot_password::forgot_password)
        .bind("reset_password", reset_password::reset_password)
        .bind("change_password", change_password::change_password)
        .bind("change_email", change_email::change_email)
        .bind("list_sessions", list_sessions::list_sessions)
        .bind("revoke_session", revoke_session::revoke_session)
        .bind("show_me", show_me::show_me)
        .bind("show_jwks", show_jwks::show_jwks)
        .bind(
            "show_openid_configuration",
            show_openid_configuration::show_openid_configuration,
        )
}

#[derive(OpenApi)]
#[openapi(paths(
    register_member::register_member,
    verify_email::verify_email,
    log_in::log_in,
    answer_mfa_challenge::answer_mfa_challenge,
    begin_totp::begin_totp,
    confirm_totp::confirm_totp,
    remove_totp::remove_totp,
    renew_recovery_codes::renew_recovery_codes,
    refresh_session::refresh_session,
    log_out::log_out,
    log_out_everywhere::log_out_everywhere,
    forgot_password::forgot_password,
    reset_password::reset_password,
    change_password::change_password,
    change_email::change_email,
    list_sessions::list_sessions,
    revoke_session::revoke_session,
    show_me::show_me,
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
    use utoipa::openapi::{RefOr, Schema};

    /// The names of the fields that a body's description has, sorted.
    pub(crate) fn described<T: utoipa::PartialSchema>() -> Vec<String> {
        let RefOr::T(Schema::Object(object)) = T::schema() else {
            panic!("a body is an object");
        };
        let mut names: Vec<_> = object.properties.into_keys().collect();
        names.sort();
        names
    }

    #[test]
    fn handlers_description_and_table_agree() {
        assert_eq!(operations().into_router().err(), None);
        assert_eq!(
            portal_http::openapi::differences(FUNCTION, &openapi()),
            Vec::<String>::new()
        );
    }
}
