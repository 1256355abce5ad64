//! `POST /v1/auth/register`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use portal_data::accounts::{self, NewAccount};
use portal_data::outbox;
use portal_domain::email::EmailAddress;
use portal_domain::ids::UserId;
use portal_domain::password::NewPassword;
use portal_domain::text::Line;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, Problem};
use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Auth;
use crate::even_time::EvenTime;
use crate::limits;
use crate::mails::{CONFIRM_ADDRESS, already_registered};

/// Who wants an account.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct RegisterMemberRequest {
    /// The address, which a link is sent to.
    #[schema(value_type = String, format = "email", max_length = 254)]
    email: EmailAddress,
    /// 15 characters or more, of any kind; what is tried first by those who guess is refused.
    #[schema(value_type = String, format = "password", min_length = 15, max_length = 256)]
    password: NewPassword,
    /// First name.
    #[schema(value_type = String, max_length = 80)]
    first_name: Line<80>,
    /// Last name.
    #[schema(value_type = String, max_length = 80)]
    last_name: Line<80>,
    /// The firm.
    #[schema(value_type = Option<String>, max_length = 120)]
    company: Option<Line<120>>,
}

impl FromFields for RegisterMemberRequest {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let email: Option<EmailAddress> = fields.required("email");
        let password: Option<NewPassword> = fields.required("password");
        let first_name: Option<Line<80>> = fields.required("firstName");
        let last_name: Option<Line<80>> = fields.required("lastName");
        let company: Option<Line<120>> = fields.optional("company");
        let about_owner = [
            email.as_deref(),
            email.as_ref().map(EmailAddress::local_part),
            first_name.as_deref(),
            last_name.as_deref(),
            company.as_deref(),
        ];
        let about_owner: Vec<&str> = about_owner.into_iter().flatten().collect();
        if let Some(Err(error)) = password
            .as_ref()
            .map(|password| password.refuse_expected(&about_owner))
        {
            fields.fault("password", error.to_string());
        }
        Some(Self {
            email: email?,
            password: password?,
            first_name: first_name?,
            last_name: last_name?,
            company,
        })
    }
}

/// What is said to everybody.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Accepted {
    /// What happens next.
    message: &'static str,
}

/// 202 with a message, the same whatever was found.
pub(crate) fn accepted(limits: portal_http::rate_limit::RateLimits, message: &'static str) -> Response {
    (StatusCode::ACCEPTED, limits, Json(Accepted { message })).into_response()
}

/// Asks for an account. Whether the address has one already is told in a mail to it, and nowhere else.
#[utoipa::path(
    post,
    path = "/v1/auth/register",
    operation_id = "register_member",
    tag = "auth",
    request_body = RegisterMemberRequest,
    responses((status = 202, description = "A mail says what to do next.", body = Accepted)),
)]
pub(crate) async fn register_member(
    State(auth): State<Auth>,
    call: Call,
    Fields { value: request, .. }: Fields<RegisterMemberRequest>,
) -> Result<Response, Problem> {
    let now = auth.now();
    let tx = auth.portal.database().begin(&call.context).await?;
    let subjects = limits::of_address(&limits::REGISTER_ADDRESS, &call);
    let admitted = limits::admit(tx, &subjects, None, now).await?;
    // Hashed whether it will be stored or not.
    let password_hash = auth.hasher.hash(request.password.as_bytes()).await?;
    let even = EvenTime::begin();
    let account = NewAccount {
        id: UserId::from(Uuid::now_v7()),
        email: request.email,
        password_hash,
        first_name: request.first_name.into(),
        last_name: request.last_name.into(),
        company: request.company.map(Into::into),
    };
    let outcome = add_or_tell_owner(&auth, &call, &account, now).await;
    even.end().await;
    outcome?;
    Ok(accepted(
        admitted.rate_limits(),
        "A mail is on its way to this address: follow the link in it. It may take some minutes.",
    ))
}

/// Adds the account and sends the link, or tells the owner of the account that has the address. The password of an account that
/// has not been confirmed yet is not replaced either: whoever confirms it would confirm a stranger's password.
async fn add_or_tell_owner(
    auth: &Auth,
    call: &Call,
    account: &NewAccount,
    now: OffsetDateTime,
) -> Result<(), Problem> {
    let mut tx = auth.portal.database().begin(&call.context).await?;
    if accounts::add(&mut tx, account).await? {
        CONFIRM_ADDRESS
            .send(auth, &mut tx, account.id, &account.email, &json!({}))
            .await?;
    } else if let Some((owner, _)) = accounts::find_by_email(&mut tx, &account.email, None).await? {
        outbox::add(&mut tx, &auth.sealer, &already_registered(&owner, now)).await?;
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
            portal_http::fields::names::<RegisterMemberRequest>(),
            crate::tests::described::<RegisterMemberRequest>()
        );
    }
}
