//! What a merge of two accounts does, as it is shown before and told after.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::UserId;
use crate::listing::Moment;
use crate::words::words;

words! {
    /// Whose row counts where there is room for one.
    MergeSide {
        /// That of the account that is kept.
        Keep = "KEEP",
        /// That of the account that is given up.
        Merge = "MERGE",
        /// Both, or neither.
        Both = "BOTH",
    }
}

words! {
    /// By which rule a clash is decided.
    MergeRule {
        /// The one that has come further: attended before registered, registered before waiting, reviewed before pending, learned before
        /// begun. Of equals that of the account that is kept. The other is cancelled, withdrawn or dropped, and stays with the account
        /// that is given up.
        Furthest = "FURTHEST",
        /// The same, and the other was paid: a finding (`PUT_AWAY`) names the payment, which is to be refunded.
        RefundDue = "REFUND_DUE",
        /// Nobody bids on an own project: the bid is withdrawn unless it was decided on, and stays with the account that is given up. Nor is
        /// anybody invited to one: of invitations `name` says how many are gone.
        OwnProject = "OWN_PROJECT",
        /// Both accounts have the same: once is enough. `name` says how many there are.
        Same = "SAME",
        /// One licence for each account: the other (`id`) is free again.
        OneLicence = "ONE_LICENCE",
        /// Memberships that overlap follow one another: the later begins where the earlier ends, with the days that it still has.
        OneAfterTheOther = "ONE_AFTER_THE_OTHER",
        /// The account that is kept lacks it (`name`), and has it from the other; shown to nobody to whom the other did not show it.
        FilledIn = "FILLED_IN",
    }
}

/// Something that both accounts have, and of which there is room for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MergeClash {
    /// The id of what it is about: the event, the project, the course, the membership, the licence.
    #[schema(required)]
    pub id: Option<String>,
    /// Its name.
    #[schema(required)]
    pub name: Option<String>,
    /// Which side counts.
    pub wins: MergeSide,
    /// By which rule.
    pub rule: MergeRule,
}

/// What happens to the rows of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MergeEntry {
    /// The table.
    pub table: String,
    /// How many rows the account that is kept gets.
    #[schema(minimum = 0)]
    pub moved: i64,
    /// How many stay where they are, since they cannot be another's.
    #[schema(minimum = 0)]
    pub stays: i64,
    /// What both have.
    pub clashes: Vec<MergeClash>,
}

/// Who has ordered a merge that a second member of staff is to confirm, or has confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MergeOrdered {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: String,
}

/// What a merge does, or has done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MergePreview {
    /// The account that is kept.
    pub keep_id: UserId,
    /// The account that is given up.
    pub merge_id: UserId,
    /// Names just this: what is sent with the merge, so that it does what was seen.
    pub preview_version: String,
    /// What happens, table by table; what has nothing to move is left out.
    pub entries: Vec<MergeEntry>,
    /// Who has ordered it within the last 14 days; null where nobody has.
    #[schema(required)]
    pub ordered: Option<MergeOrdered>,
}
