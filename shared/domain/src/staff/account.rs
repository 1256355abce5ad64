//! An account as staff see it, and what they do with it.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::RoleName;
use crate::contractor::LicenceNumber;
use crate::ids::{MembershipId, TierId, UserId};
use crate::listing::{Day, Moment};
use crate::member::MemberType;
use crate::membership::MembershipState;
use crate::words::words;

words! {
    /// Where an account stands.
    AccountStatus {
        /// It waits for approval.
        Pending = "pending",
        /// It is a member's, or staff's.
        Active = "active",
        /// Nobody signs in to it.
        Suspended = "suspended",
    }
}

words! {
    /// The order of a list of accounts.
    AccountOrder {
        /// By last name and first name.
        Name = "name",
        /// Those made last first.
        Newest = "newest",
    }
}

/// Why something cannot be done with an account now.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AccountRefusal {
    /// It waits for nothing.
    #[error("This account is {0}: only one that is pending is approved.")]
    NotPending(AccountStatus),
    /// Nobody has shown that the address is theirs.
    #[error("The member has yet to confirm the e-mail address: until then there is nobody to approve.")]
    Unconfirmed,
    /// It is suspended already.
    #[error("This account is suspended already.")]
    Suspended,
    /// It is not suspended.
    #[error("This account is not suspended.")]
    NotSuspended,
    /// It is the caller's.
    #[error("Your own account is for somebody else to change here.")]
    Own,
}

impl AccountStatus {
    /// Whether an account that stands here may be approved.
    ///
    /// # Errors
    /// [`AccountRefusal`] where it may not.
    pub fn approve(self, is_verified: bool) -> Result<(), AccountRefusal> {
        match self {
            Self::Pending if is_verified => Ok(()),
            Self::Pending => Err(AccountRefusal::Unconfirmed),
            other => Err(AccountRefusal::NotPending(other)),
        }
    }

    /// Whether it may be suspended.
    ///
    /// # Errors
    /// [`AccountRefusal::Suspended`].
    pub fn suspend(self) -> Result<(), AccountRefusal> {
        if self == Self::Suspended {
            return Err(AccountRefusal::Suspended);
        }
        Ok(())
    }

    /// Whether it may be reinstated.
    ///
    /// # Errors
    /// [`AccountRefusal::NotSuspended`].
    pub fn reinstate(self) -> Result<(), AccountRefusal> {
        if self == Self::Suspended {
            return Ok(());
        }
        Err(AccountRefusal::NotSuspended)
    }
}

/// An account in a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountListing {
    /// The account.
    pub id: UserId,
    /// E-mail address.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The firm.
    #[schema(required)]
    pub company: Option<String>,
    /// Telephone in E.164.
    #[schema(required)]
    pub phone: Option<String>,
    /// City.
    #[schema(required)]
    pub city: Option<String>,
    /// State.
    #[schema(required)]
    pub state: Option<String>,
    /// Where it stands.
    pub status: AccountStatus,
    /// The kind of account.
    pub member_type: MemberType,
    /// The roles that it holds now.
    pub roles: Vec<RoleName>,
    /// The contractor's licence that is the member's.
    #[schema(required)]
    pub contractor_license: Option<LicenceNumber>,
    /// Whether the address has been confirmed.
    pub is_verified: bool,
    /// Whether signing in takes a second factor.
    pub has_second_factor: bool,
    /// Since when the member has belonged to the association.
    #[schema(required)]
    pub member_since: Option<Day>,
    /// When the membership runs out.
    #[schema(required)]
    pub membership_expires_at: Option<Moment>,
    /// When staff approved it.
    #[schema(required)]
    pub approved_at: Option<Moment>,
    /// When it was last signed in to, of what is known of that.
    #[schema(required)]
    pub last_sign_in_at: Option<Moment>,
    /// When it was made.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// Raised by every change.
    pub version: i32,
}

/// A role that an account holds, or held until a moment that has passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeldRole {
    /// The role.
    pub role: RoleName,
    /// Until when; null for good.
    #[schema(required)]
    pub expires_at: Option<Moment>,
    /// Who gave it; null where the system did.
    #[schema(required)]
    pub granted_by: Option<UserId>,
    /// Since when.
    pub granted_at: Moment,
}

/// The licence of a member's firm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Licence {
    /// Its number.
    pub license_number: LicenceNumber,
    /// The firm's name.
    pub name: String,
    /// What the state says of it.
    #[schema(required)]
    pub primary_status: Option<String>,
    /// Whether the firm may work.
    pub in_good_standing: bool,
    /// Until when it is good.
    #[schema(required)]
    pub expiration_date: Option<Day>,
}

/// The membership in force, or else the last one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountMembership {
    /// Its id.
    pub id: MembershipId,
    /// The tier.
    pub tier_id: TierId,
    /// The tier's name.
    pub tier_name: String,
    /// Where it stands.
    pub state: MembershipState,
    /// From when.
    pub starts_at: Moment,
    /// Until when.
    pub ends_at: Moment,
}

/// Why nobody signs in to an account. For staff alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Suspension {
    /// In words.
    pub reason: String,
    /// Who suspended it.
    #[schema(required)]
    pub suspended_by: Option<UserId>,
    /// When.
    pub suspended_at: Moment,
}

/// An account with all that staff decide by.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountDetails {
    /// The account.
    #[serde(flatten)]
    pub account: AccountListing,
    /// Its roles, those that have run out among them.
    pub held_roles: Vec<HeldRole>,
    /// How many devices are signed in.
    #[schema(minimum = 0)]
    pub session_count: i64,
    /// The firm's licence.
    #[schema(required)]
    pub license: Option<Licence>,
    /// The membership.
    #[schema(required)]
    pub membership: Option<AccountMembership>,
    /// Why it is suspended.
    #[schema(required)]
    pub suspension: Option<Suspension>,
    /// The accounts that were merged into this one.
    pub merged_ids: Vec<UserId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_from_where_it_makes_sense() {
        use AccountStatus::{Active, Pending, Suspended};
        assert_eq!(Pending.approve(true), Ok(()));
        assert_eq!(Pending.approve(false), Err(AccountRefusal::Unconfirmed));
        for other in [Active, Suspended] {
            assert_eq!(other.approve(true), Err(AccountRefusal::NotPending(other)));
        }
        for status in AccountStatus::ALL {
            assert_ne!(status.suspend().is_ok(), status.reinstate().is_ok(), "{status}");
        }
    }
}
