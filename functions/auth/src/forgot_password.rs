//! `POST /v1/auth/password/forgot`

use axum::extract::State;
use axum::response::Response;
use portal_data::accounts;
use portal_data::throttle::{self, Admission, Subject};
use portal_domain::email::EmailAddress;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, Problem};
use serde_json::json;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::Auth;
use crate::even_time::EvenTime;
use crate::limits;
use crate::mails::SET_PASSWORD;
use crate::register_member::{Accepted, accepted};

/// Who cannot sign in.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct ForgotPasswordRequest {
    /// The account's address.
    #[schema(value_type = String, format = "email", max_length = 254)]
    email: EmailAddress,
}

impl FromFields for ForgotPasswordRequest {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let email = fields.required("email");
        Some(Self { email: email? })
    }
}

/// Sends a link by which a new password is set, if there is an account. The answer does not tell.
#[utoipa::path(
    post,
    path = "/v1/auth/password/forgot",
    operation_id = "forgot_password",
    tag = "auth",
    request_body = ForgotPasswordRequest,
    responses((status = 202, description = "If there is an account, a mail is on its way.", body = Accepted)),
)]
pub(crate) async fn forgot_password(
    State(auth): State<Auth>,
    call: Call,
    Fields { value: request, .. }: Fields<ForgotPasswordRequest>,
) -> Result<Response, Problem> {
    let now = auth.now();
    let tx = auth.portal.database().begin(&call.context).await?;
    let subjects = limits::of_address(&limits::FORGOT_ADDRESS, &call);
    let admitted = limits::admit(tx, &subjects, None, now).await?;
    let even = EvenTime::begin();
    let outcome = send_link(&auth, &call, &request.email, now).await;
    even.end().await;
    outcome?;
    Ok(accepted(
        admitted.rate_limits(),
        "If this address has an account, a mail with a link is on its way to it. Earlier links stay good for two hours.",
    ))
}

async fn send_link(
    auth: &Auth,
    call: &Call,
    email: &EmailAddress,
    now: OffsetDateTime,
) -> Result<(), Problem> {
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let found = accounts::find_by_email(&mut tx, email, None).await?;
    let account = found
        .map(|(account, _)| account)
        .filter(|account| account.is_active);
    let subject = Subject::account(&limits::FORGOT_ACCOUNT, &email.folded());
    if let Admission::Refused(_) = throttle::admit(&mut tx, &[subject], None, now).await? {
        // Enough links are on their way; those stay good.
        return Ok(tx.rollback().await?);
    }
    if let Some(account) = account {
        SET_PASSWORD
            .send(auth, &mut tx, account.id, &account.email, &json!({}))
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
            portal_http::fields::names::<ForgotPasswordRequest>(),
            crate::tests::described::<ForgotPasswordRequest>()
        );
    }

    #[test]
    fn a_link_outlasts_the_longest_pause_between_links() {
        assert!(SET_PASSWORD.lasts > limits::FORGOT_ACCOUNT.longest_lock);
    }
}
