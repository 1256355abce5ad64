//! `POST /v1/auth/password/change`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use portal_data::sign_ins::{self, Ended};
use portal_data::{accounts, outbox, single_use_tokens, throttle};
use portal_domain::mail::MailKind;
use portal_domain::password::{NewPassword, Password};
use portal_http::call::Written;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::problem::Fault;
use portal_http::{Call, Problem};
use utoipa::ToSchema;

use crate::Auth;
use crate::mails::mail_about;
use crate::own_password;
use crate::reset_password::OUTSTANDING;
use crate::sign_in::Device;

/// The password as it is and as it is to be.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct ChangePasswordRequest {
    /// As it is.
    #[schema(value_type = String, format = "password", max_length = 256)]
    current_password: Password,
    /// 15 characters or more, of any kind; what is tried first by those who guess is refused.
    #[schema(value_type = String, format = "password", min_length = 15, max_length = 256)]
    new_password: NewPassword,
}

impl FromFields for ChangePasswordRequest {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let current: Option<Password> = fields.required("currentPassword");
        let new: Option<NewPassword> = fields.required("newPassword");
        if let (Some(current), Some(new)) = (&current, &new)
            && current.as_bytes() == new.as_bytes()
        {
            fields.fault("newPassword", "must differ from the current password");
        }
        Some(Self {
            current_password: current?,
            new_password: new?,
        })
    }
}

/// Changes the caller's password and ends the account's other sign-ins.
#[utoipa::path(
    post,
    path = "/v1/auth/password/change",
    operation_id = "change_password",
    tag = "auth",
    request_body = ChangePasswordRequest,
    responses((status = 204, description = "The password is changed; this sign-in goes on.")),
)]
pub(crate) async fn change_password(
    State(auth): State<Auth>,
    call: Call,
    headers: HeaderMap,
    Fields { value: request, .. }: Fields<ChangePasswordRequest>,
) -> Result<Response, Problem> {
    let owner = own_password::verify(&auth, &call, &request.current_password, "currentPassword").await?;
    let (account, now) = (&owner.account, auth.now());
    if let Err(error) = request.new_password.refuse_expected(&account.words()) {
        let fault = Fault::body("/newPassword", error.to_string());
        return Err(Problem::invalid(vec![fault]).with_rate_limits(owner.admitted.rate_limits()));
    }
    let hash = auth.hasher.hash(request.new_password.as_bytes()).await?;
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let old = account.password_hash.as_deref();
    if !accounts::replace_password(&mut tx, account.id, old, &hash).await? {
        tx.rollback().await?;
        return Err(own_password::wrong("currentPassword", &owner.admitted));
    }
    throttle::forgive(&mut tx, &owner.subjects, now).await?;
    sign_ins::end_all(
        &mut tx,
        account.id,
        Some(owner.session),
        Ended::PasswordChanged,
        now,
    )
    .await?;
    single_use_tokens::withdraw(&mut tx, account.id, OUTSTANDING).await?;
    let mail = mail_about(
        MailKind::PasswordChanged,
        account,
        &Device::of(&call, &headers, None),
        now,
    );
    outbox::add(&mut tx, &auth.sealer, &mail).await?;
    let written = Written(tx.commit().await?);
    Ok((StatusCode::NO_CONTENT, owner.admitted.rate_limits(), written, ()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_the_fields_that_are_read() {
        assert_eq!(
            portal_http::fields::names::<ChangePasswordRequest>(),
            crate::tests::described::<ChangePasswordRequest>()
        );
    }
}
