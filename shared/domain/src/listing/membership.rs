//! Tiers, memberships, and the people of a company's membership.

use serde::Serialize;
use utoipa::ToSchema;

use super::Moment;
use crate::ids::{InvitationId, MembershipId, PaymentId, TierId, UserId};
use crate::membership::MembershipState;
use crate::money::Cents;

/// What can be bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TierListing {
    /// Its id.
    pub id: TierId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it costs.
    pub price_cents: Cents,
    /// The currency (ISO 4217).
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// For how many months.
    #[schema(minimum = 1)]
    pub duration_months: i32,
    /// How many people it covers, the holder among them.
    #[schema(minimum = 1)]
    pub seats: i32,
    /// What it brings.
    pub benefits: Vec<String>,
}

/// One paid period of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipListing {
    /// Its id.
    pub id: MembershipId,
    /// The tier.
    pub tier_id: TierId,
    /// The tier's name.
    pub tier_name: String,
    /// How many people it covers, the holder among them.
    #[schema(minimum = 1)]
    pub seats: i32,
    /// What it was paid by.
    #[schema(required)]
    pub payment_id: Option<PaymentId>,
    /// Where it stands.
    pub state: MembershipState,
    /// From when.
    pub starts_at: Moment,
    /// Until when.
    pub ends_at: Moment,
    /// Until when it is borne with that it has ended.
    #[schema(required)]
    pub grace_ends_at: Option<Moment>,
}

/// Somebody whom a company's membership covers, or who is invited to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoveredPerson {
    /// By which the person is taken out: a member's id, or that of the invitation.
    pub id: uuid::Uuid,
    /// The member, once there is one.
    #[schema(required)]
    pub member_id: Option<UserId>,
    /// The member's name, as the directory shows it.
    #[schema(required)]
    pub member_name: Option<String>,
    /// The address that was invited.
    #[schema(required)]
    pub email: Option<String>,
    /// Since when the person is covered or invited.
    pub created_at: Moment,
}

/// An invitation to be covered by a company's membership, as the invited member sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipInvitation {
    /// Its id.
    pub id: InvitationId,
    /// The address that was invited.
    pub email: String,
    /// When.
    pub created_at: Moment,
}
