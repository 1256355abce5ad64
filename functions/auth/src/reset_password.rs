//! `POST /v1/auth/password/reset`

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use portal_data::accounts::Account;
use portal_data::sign_ins::{self, Ended};
use portal_data::single_use_tokens::{self, Purpose, SecretToken};
use portal_data::throttle::{self, Subject};
use portal_data::{Tx, accounts, outbox};
use portal_domain::mail::MailKind;
use portal_domain::password::NewPassword;
use portal_http::call::Written;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::problem::Fault;
use portal_http::{Call, Problem};
use ring::rand::SystemRandom;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::Auth;
use crate::limits;
use crate::mails::mail_about;
use crate::sign_in::{Device, no_randomness};
use crate::verify_email::worthless;

/// Everything that was given out on the strength of the old password or to be used before it changed.
pub(crate) const OUTSTANDING: &[Purpose] = &[
    Purpose::ResetPassword,
    Purpose::VerifyEmail,
    Purpose::ChangeEmail,
    Purpose::MfaChallenge,
];

/// A token out of a mail, and what the password is to be.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct ResetPasswordRequest {
    /// The token in the link.
    #[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{43}$")]
    token: SecretToken,
    /// 15 characters or more, of any kind; what is tried first by those who guess is refused.
    #[schema(value_type = String, format = "password", min_length = 15, max_length = 256)]
    new_password: NewPassword,
}

impl FromFields for ResetPasswordRequest {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let token = fields.required("token");
        let new_password = fields.required("newPassword");
        Some(Self {
            token: token?,
            new_password: new_password?,
        })
    }
}

/// The password is set.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PasswordReset {
    /// Sent with the next sign-in: this device is known, so that nobody who guesses from elsewhere keeps it out.
    device_token: String,
}

/// Sets a new password by a token out of a mail, and ends every sign-in of the account.
#[utoipa::path(
    post,
    path = "/v1/auth/password/reset",
    operation_id = "reset_password",
    tag = "auth",
    request_body = ResetPasswordRequest,
    responses((status = 200, description = "The password is set; sign in with it.", body = PasswordReset)),
)]
pub(crate) async fn reset_password(
    State(auth): State<Auth>,
    call: Call,
    headers: HeaderMap,
    Fields { value: request, .. }: Fields<ResetPasswordRequest>,
) -> Result<Response, Problem> {
    let now = auth.now();
    let mut subjects = limits::of_address(&limits::TOKEN_ADDRESS, &call);
    let tx = auth.portal.database().begin(&call.context).await?;
    let admitted = limits::admit(tx, &subjects, None, now).await?;
    let Some(account) = owner(&auth, &call, &request.token, now).await? else {
        return Err(worthless(admitted.rate_limits()));
    };
    if let Err(error) = request.new_password.refuse_expected(&account.words()) {
        let fault = Fault::body("/newPassword", error.to_string());
        return Err(Problem::invalid(vec![fault]).with_rate_limits(admitted.rate_limits()));
    }
    let hash = auth.hasher.hash(request.new_password.as_bytes()).await?;
    let mut tx = auth.portal.database().begin(&call.context).await?;
    // The token is used up here and not before, so that a password that is refused does not cost it.
    if single_use_tokens::take(&mut tx, &request.token, Purpose::ResetPassword, now)
        .await?
        .is_none()
    {
        tx.rollback().await?;
        return Err(worthless(admitted.rate_limits()));
    }
    let device_token = SecretToken::generate(&SystemRandom::new()).map_err(no_randomness)?;
    set(&mut tx, &account, &hash, &device_token, now).await?;
    let folded = account.email.to_ascii_lowercase();
    subjects.push(Subject::account(&limits::LOG_IN_ACCOUNT, &folded));
    throttle::forgive(&mut tx, &subjects, now).await?;
    let mail = mail_about(
        MailKind::PasswordChanged,
        &account,
        &Device::of(&call, &headers, None),
        now,
    );
    outbox::add(&mut tx, &auth.sealer, &mail).await?;
    let written = Written(tx.commit().await?);
    let answer = PasswordReset {
        device_token: device_token.text(),
    };
    Ok((admitted.rate_limits(), written, Json(answer)).into_response())
}

/// Whose token it is, if it is good.
async fn owner(
    auth: &Auth,
    call: &Call,
    token: &SecretToken,
    now: OffsetDateTime,
) -> Result<Option<Account>, Problem> {
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let grant = single_use_tokens::lookup(&mut tx, token, Purpose::ResetPassword, now).await?;
    let account = match grant {
        Some(grant) => accounts::lookup(&mut tx, grant.user_id).await?,
        None => None,
    };
    tx.rollback().await?;
    Ok(account.filter(|account| account.is_active))
}

/// Sets the password. Who reads the account's mail owns the address, so it counts as confirmed; everybody else is out, and every
/// device but this one is a stranger.
async fn set(
    tx: &mut Tx,
    account: &Account,
    hash: &str,
    device_token: &SecretToken,
    now: OffsetDateTime,
) -> Result<(), Problem> {
    accounts::set_password(tx, account.id, hash).await?;
    accounts::mark_verified(tx, account.id).await?;
    sign_ins::end_all(tx, account.id, None, Ended::PasswordChanged, now).await?;
    sign_ins::know_only(tx, account.id, &device_token.hash(), now).await?;
    single_use_tokens::withdraw(tx, account.id, OUTSTANDING).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_the_fields_that_are_read() {
        assert_eq!(
            portal_http::fields::names::<ResetPasswordRequest>(),
            crate::tests::described::<ResetPasswordRequest>()
        );
    }
}
