//! Members: how many came, stayed and left.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ReportFrame, Span, share};
use crate::listing::Day;

/// The members of each period.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembersReport {
    /// What it is of.
    #[serde(flatten)]
    pub frame: ReportFrame,
    /// The periods, the earliest first.
    pub periods: Vec<MemberPeriod>,
    /// How it is now.
    pub now: MembersNow,
}

/// The members of one period.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberPeriod {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// Accounts that were made.
    pub accounts: i64,
    /// Accounts that staff approved.
    pub approved: i64,
    /// Members as the period began.
    pub members_at_start: i64,
    /// Members at its end, but not as it began, who never were before.
    pub joined: i64,
    /// The same who had been members before.
    pub returned: i64,
    /// Members as it began who were none at its end.
    pub left: i64,
    /// Members at its end.
    pub members_at_end: i64,
    /// How many more there were than as it began.
    pub growth: i64,
    /// That as a share of those as it began.
    #[schema(required)]
    pub growth_rate: Option<f64>,
    /// Of those as it began the share that were members at its end.
    #[schema(required)]
    pub retention_rate: Option<f64>,
    /// Of those as it began the share that were not.
    #[schema(required)]
    pub churn_rate: Option<f64>,
}

/// How it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembersNow {
    /// Accounts that are not deleted.
    pub accounts: i64,
    /// Of those, not approved yet.
    pub awaiting_approval: i64,
    /// Of those, suspended.
    pub suspended: i64,
    /// People with a membership of their own that is in force, or borne with.
    pub members: i64,
    /// Of those, by the days of grace alone.
    pub in_grace: i64,
    /// Accounts that a paid membership covers, their own or a company's.
    pub covered: i64,
}

impl MemberPeriod {
    /// A period from what was counted: members at both ends, and of those who came and went how many.
    #[must_use]
    pub fn counted(
        span: Span,
        (accounts, approved): (i64, i64),
        ends: (i64, i64),
        moves: (i64, i64, i64),
    ) -> Self {
        let ((members_at_start, members_at_end), (joined, returned, left)) = (ends, moves);
        let growth = members_at_end - members_at_start;
        Self {
            from: Day(span.first),
            to: Day(span.last),
            accounts,
            approved,
            members_at_start,
            joined,
            returned,
            left,
            members_at_end,
            growth,
            growth_rate: share(growth, members_at_start),
            retention_rate: share(members_at_start - left, members_at_start),
            churn_rate: share(left, members_at_start),
        }
    }
}
