//! `POST /v1/auth/email/change`

use axum::extract::State;
use axum::response::Response;
use portal_data::single_use_tokens::{self, Purpose};
use portal_data::throttle::{self, Subject};
use portal_data::{accounts, outbox};
use portal_domain::email::EmailAddress;
use portal_domain::password::Password;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::problem::Fault;
use portal_http::{Call, Problem};
use serde_json::json;
use utoipa::ToSchema;

use crate::Auth;
use crate::even_time::EvenTime;
use crate::limits;
use crate::mails::{CONFIRM_NEW_ADDRESS, already_registered};
use crate::own_password::{self, Owner};
use crate::register_member::{Accepted, accepted};

/// Where the account is to be reached.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct ChangeEmailRequest {
    /// The new address, which a link is sent to.
    #[schema(value_type = String, format = "email", max_length = 254)]
    new_email: EmailAddress,
    /// The account's password.
    #[schema(value_type = String, format = "password", max_length = 256)]
    password: Password,
}

impl FromFields for ChangeEmailRequest {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let new_email = fields.required("newEmail");
        let password = fields.required("password");
        Some(Self {
            new_email: new_email?,
            password: password?,
        })
    }
}

/// Sends a link to a new address; the account gets the address once the link is followed.
#[utoipa::path(
    post,
    path = "/v1/auth/email/change",
    operation_id = "change_email",
    tag = "auth",
    request_body = ChangeEmailRequest,
    responses((status = 202, description = "A mail to the new address says what to do next.", body = Accepted)),
)]
pub(crate) async fn change_email(
    State(auth): State<Auth>,
    call: Call,
    Fields { value: request, .. }: Fields<ChangeEmailRequest>,
) -> Result<Response, Problem> {
    let now = auth.now();
    let user = call.member()?;
    let tx = auth.portal.database().begin(&call.context).await?;
    let subjects = [Subject::member(&limits::EMAIL_CHANGE_MEMBER, user)];
    limits::admit(tx, &subjects, Some(user), now).await?;
    let owner = own_password::verify(&auth, &call, &request.password, "password").await?;
    if owner.account.email.eq_ignore_ascii_case(&request.new_email) {
        let fault = Fault::body("/newEmail", "is the account's address already");
        return Err(Problem::invalid(vec![fault]).with_rate_limits(owner.admitted.rate_limits()));
    }
    let even = EvenTime::begin();
    let outcome = send_link(&auth, &call, &owner, &request.new_email).await;
    even.end().await;
    outcome?;
    Ok(accepted(
        owner.admitted.rate_limits(),
        "A mail is on its way to the new address: follow the link in it. Until then the account keeps its address.",
    ))
}

/// Sends the link, or tells the owner of the account that has the address, so that nobody learns who has one.
async fn send_link(auth: &Auth, call: &Call, owner: &Owner, address: &EmailAddress) -> Result<(), Problem> {
    let (account, now) = (&owner.account, auth.now());
    let mut tx = auth.portal.database().begin(&call.context).await?;
    // Or else a link that is asked for while the password changes would outlive the change.
    if !accounts::hold(&mut tx, account).await? {
        tx.rollback().await?;
        return Err(own_password::wrong("password", &owner.admitted));
    }
    throttle::forgive(&mut tx, &owner.subjects, now).await?;
    if let Some((other, _)) = accounts::find_by_email(&mut tx, address, None).await? {
        outbox::add(&mut tx, &auth.sealer, &already_registered(&other, now)).await?;
    } else {
        // A link to an address that was thought better of must not work any more.
        single_use_tokens::withdraw(&mut tx, account.id, &[Purpose::ChangeEmail]).await?;
        let about = json!({"email": &**address});
        CONFIRM_NEW_ADDRESS
            .send(auth, &mut tx, account.id, address, &about)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_the_fields_that_are_read() {
        assert_eq!(
            portal_http::fields::names::<ChangeEmailRequest>(),
            crate::tests::described::<ChangeEmailRequest>()
        );
    }
}
