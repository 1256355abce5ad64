//! Whom a membership is to cover.

use portal_domain::email::EmailAddress;
use portal_domain::ids::UserId;
use portal_http::fields::{FieldReader, FromFields};
use serde::Serialize;
use utoipa::ToSchema;

/// Whom a membership is to cover: a member, or whoever has an address.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PersonRequest {
    /// The member, who is covered at once.
    #[schema(nullable = false)]
    member_id: Option<UserId>,
    /// The address, which is invited.
    #[schema(value_type = Option<String>, format = Email, max_length = 254, nullable = false)]
    email: Option<EmailAddress>,
}

/// The same, read and checked.
#[derive(Debug)]
pub(crate) enum PersonBody {
    Member(UserId),
    Address(EmailAddress),
}

impl FromFields for PersonBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let request = PersonRequest {
            member_id: fields.optional("memberId"),
            email: fields.optional("email"),
        };
        match (request.member_id, request.email) {
            (Some(member), None) => Some(Self::Member(member)),
            (None, Some(email)) => Some(Self::Address(email)),
            (Some(_), Some(_)) => {
                fields.fault("email", "cannot be sent together with memberId");
                None
            }
            (None, None) => {
                if !fields.has_fault(&["memberId", "email"]) {
                    fields.fault("memberId", "is required, or email");
                }
                None
            }
        }
    }
}
