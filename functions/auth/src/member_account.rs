//! An account as its owner sees it.

use portal_data::accounts::{Account, Powers};
use portal_domain::ids::UserId;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// An account, with what it may do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MemberAccount {
    /// Its id.
    id: UserId,
    /// The address by which its owner signs in.
    #[schema(format = "email")]
    email: String,
    /// First name.
    first_name: String,
    /// Last name.
    last_name: String,
    /// REGULAR or ADMIN.
    #[schema(example = "REGULAR")]
    member_type: String,
    /// Whether the address has been confirmed.
    is_verified: bool,
    /// Whether staff have approved the membership.
    is_approved: bool,
    /// Whether a second factor is asked for.
    mfa_enabled: bool,
    /// The roles that it holds.
    #[schema(example = json!(["member"]))]
    roles: Vec<String>,
    /// What the roles allow, as `resource.action`.
    #[schema(example = json!(["projects.create"]))]
    permissions: Vec<String>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = "date-time")]
    created_at: OffsetDateTime,
}

impl MemberAccount {
    pub(crate) fn new(account: &Account, powers: Powers) -> Self {
        Self {
            id: account.id,
            email: account.email.clone(),
            first_name: account.first_name.clone(),
            last_name: account.last_name.clone(),
            member_type: account.member_type.clone(),
            is_verified: account.is_verified,
            is_approved: account.is_approved,
            mfa_enabled: account.has_second_factor,
            roles: powers.roles,
            permissions: powers.permissions,
            created_at: account.created_at,
        }
    }
}
