//! Who may see and bid on an `INVITE_ONLY` project.

use serde::Serialize;
use utoipa::ToSchema;

use crate::ids::UserId;
use crate::listing::Moment;

/// An invited member.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Who is invited.
    pub user_id: UserId,
    /// The member's name; absent where the account is closed.
    #[schema(required)]
    pub member_name: Option<String>,
    /// The member's company.
    #[schema(required)]
    pub company: Option<String>,
    /// Who invited.
    pub invited_by: UserId,
    /// When.
    pub created_at: Moment,
}
