//! Tickets: what members ask or tell the staff, and the replies.

use serde::Serialize;
use thiserror::Error;
use utoipa::ToSchema;

use crate::ids::{FeedbackId, ReplyId, UserId};
use crate::listing::Moment;
use crate::text::{Line, Prose};
use crate::words::words;

words! {
    /// What a ticket is about.
    FeedbackCategory {
        /// Something does not work.
        Bug = "BUG",
        /// Something is missing.
        Feature = "FEATURE",
        /// The account.
        Account = "ACCOUNT",
        /// Dues and payments.
        Billing = "BILLING",
        /// An event.
        Event = "EVENT",
        /// A project.
        Project = "PROJECT",
        /// Anything else.
        Other = "OTHER",
    }
}

words! {
    /// How pressing a ticket is.
    FeedbackPriority {
        /// When there is time.
        Low = "LOW",
        /// In its turn.
        Medium = "MEDIUM",
        /// Soon.
        High = "HIGH",
        /// Now.
        Urgent = "URGENT",
    }
}

words! {
    /// Where a ticket stands.
    FeedbackStatus {
        /// Waits for staff.
        Open = "OPEN",
        /// Staff are at it.
        InProgress = "IN_PROGRESS",
        /// Staff have solved it; the member may say otherwise.
        Resolved = "RESOLVED",
        /// Done with.
        Closed = "CLOSED",
    }
}

words! {
    /// What brings a ticket from one state to the next.
    FeedbackAction {
        /// Staff take it up.
        Start = "start",
        /// Staff have solved it.
        Resolve = "resolve",
        /// The member or staff are done with it.
        Close = "close",
        /// It is not solved after all.
        Reopen = "reopen",
    }
}

/// An action that the ticket's state does not allow.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("A ticket that is {from} cannot {action}.")]
pub struct IllegalFeedbackAction {
    /// What was tried.
    pub action: FeedbackAction,
    /// Where the ticket stands.
    pub from: FeedbackStatus,
}

impl FeedbackAction {
    /// Where a ticket stands after it.
    ///
    /// # Errors
    /// [`IllegalFeedbackAction`] where the state does not allow it.
    pub fn from(self, status: FeedbackStatus) -> Result<FeedbackStatus, IllegalFeedbackAction> {
        use FeedbackStatus::{Closed, InProgress, Open, Resolved};
        match (self, status) {
            (Self::Start, Open) => Ok(InProgress),
            (Self::Resolve, Open | InProgress) => Ok(Resolved),
            (Self::Close, Open | InProgress | Resolved) => Ok(Closed),
            (Self::Reopen, Resolved | Closed) => Ok(Open),
            _ => Err(IllegalFeedbackAction {
                action: self,
                from: status,
            }),
        }
    }
}

impl FeedbackStatus {
    /// Where a ticket stands after the member's reply: one that staff took for solved waits for them again, and one that is closed
    /// takes no reply.
    #[must_use]
    pub const fn after_reply_of_member(self) -> Option<Self> {
        match self {
            Self::Resolved => Some(Self::Open),
            Self::Closed => None,
            Self::Open | Self::InProgress => Some(self),
        }
    }
}

/// What a member writes.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct NewFeedback {
    /// What it is about.
    pub category: FeedbackCategory,
    /// How pressing it is; `MEDIUM` unless it says otherwise.
    #[schema(required = false)]
    pub priority: FeedbackPriority,
    /// In a line.
    #[schema(value_type = String, min_length = 1, max_length = 300)]
    pub subject: Line<300>,
    /// In full.
    #[schema(value_type = String, min_length = 1, max_length = 10_000)]
    pub content: Prose<10_000>,
}

/// A ticket.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Feedback {
    /// Its id.
    pub id: FeedbackId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is about.
    pub category: FeedbackCategory,
    /// How pressing it is.
    pub priority: FeedbackPriority,
    /// In a line.
    pub subject: String,
    /// In full.
    pub content: String,
    /// Where it stands.
    pub status: FeedbackStatus,
    /// How many replies the caller can read.
    #[schema(minimum = 0)]
    pub reply_count: i64,
    /// When it was solved or closed.
    #[schema(required)]
    pub resolved_at: Option<Moment>,
    /// When it was written.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// Raised by every change.
    pub version: i32,
}

/// A reply to a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedbackReply {
    /// Its id.
    pub id: ReplyId,
    /// Who wrote it.
    pub author_id: UserId,
    /// Whether staff did.
    pub is_staff: bool,
    /// Whether staff alone can read it.
    pub is_internal: bool,
    /// The reply.
    pub content: String,
    /// When it was written.
    pub created_at: Moment,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_can_be_left_and_every_one_but_the_first_is_reached_from_another() {
        for status in FeedbackStatus::ALL {
            let left = FeedbackAction::ALL
                .iter()
                .any(|action| action.from(*status).is_ok());
            assert!(left, "{status}");
            let reached = FeedbackStatus::ALL.iter().any(|from| {
                from != status
                    && FeedbackAction::ALL
                        .iter()
                        .any(|action| action.from(*from) == Ok(*status))
            });
            assert!(reached, "{status}");
        }
    }

    #[test]
    fn an_action_changes_the_state_or_is_refused() {
        for status in FeedbackStatus::ALL {
            for action in FeedbackAction::ALL {
                assert_ne!(action.from(*status), Ok(*status), "{action} {status}");
            }
        }
        let refusal = FeedbackAction::Close.from(FeedbackStatus::Closed).unwrap_err();
        assert_eq!(refusal.to_string(), "A ticket that is CLOSED cannot close.");
    }

    #[test]
    fn a_reply_opens_what_was_solved_and_not_what_is_closed() {
        use FeedbackStatus::{Closed, InProgress, Open, Resolved};
        assert_eq!(Resolved.after_reply_of_member(), Some(Open));
        assert_eq!(InProgress.after_reply_of_member(), Some(InProgress));
        assert_eq!(Closed.after_reply_of_member(), None);
    }
}
