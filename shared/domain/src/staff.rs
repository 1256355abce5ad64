//! What staff see of accounts and decide about them: approval, suspension, roles, merges, tickets and reports.

mod account;
mod desk;
mod grants;
mod merge;
mod reach;
mod role;

pub use account::{
    AccountDetails, AccountListing, AccountMembership, AccountOrder, AccountRefusal, AccountStatus, HeldRole,
    Licence, Suspension,
};
pub use desk::{ActionListing, FindingListing, ReportDetails, ReportListing, ReportState, StaffFeedback};
pub use grants::{GrantRefusal, Grants, Powers, RoleGrant, judge_edit, judge_grants, judge_person};
pub use merge::{MergeClash, MergeEntry, MergeOrdered, MergePreview, MergeRule, MergeSide};
pub use reach::Reach;
pub use role::{PermissionListing, PermissionName, RoleDetails, RoleListing, RoleName};

use crate::text::Prose;

/// Why staff do something, in 1 to 500 characters: it stands in the record of their actions.
pub type Reason = Prose<500>;

/// The role that may do everything: nobody edits its permissions, and one open account holds it without an end.
pub const ADMINISTRATOR: &str = "administrator";
