//! What waits for staff: tickets, reported messages, findings about money; and the record of what they did.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::feedback::{Feedback, FeedbackAction, FeedbackStatus, IllegalFeedbackAction};
use crate::ids::{ActionId, FindingId, MessageId, PaymentId, ReportId, UserId};
use crate::listing::Moment;
use crate::words::words;

/// A ticket as staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StaffFeedback {
    /// The ticket.
    #[serde(flatten)]
    pub feedback: Feedback,
    /// Who works on it.
    #[schema(required)]
    pub assignee_id: Option<UserId>,
    /// The member's name, for those who may see accounts.
    #[schema(required)]
    pub member_name: Option<String>,
    /// The member's address, for those who may see accounts.
    #[schema(required)]
    pub member_email: Option<String>,
}

impl FeedbackStatus {
    /// Whether staff may bring a ticket from here to another state: by one of the steps that it can take.
    ///
    /// # Errors
    /// [`IllegalFeedbackAction`] where no step leads there.
    pub fn become_by_staff(self, wanted: Self) -> Result<Self, IllegalFeedbackAction> {
        let step = match wanted {
            Self::Open => FeedbackAction::Reopen,
            Self::InProgress => FeedbackAction::Start,
            Self::Resolved => FeedbackAction::Resolve,
            Self::Closed => FeedbackAction::Close,
        };
        if self == wanted { Ok(self) } else { step.from(self) }
    }
}

words! {
    /// What became of a report.
    ReportState {
        /// Nobody has decided yet.
        Open = "OPEN",
        /// The message was against the rules.
        Upheld = "UPHELD",
        /// It was not.
        Dismissed = "DISMISSED",
    }
}

/// A message that its receiver has shown to staff.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportListing {
    /// The report.
    pub id: ReportId,
    /// The message.
    pub message_id: MessageId,
    /// Who reported it.
    pub reported_by: UserId,
    /// Why.
    pub reason: String,
    /// What became of it.
    pub status: ReportState,
    /// What staff did about it.
    #[schema(required)]
    pub outcome: Option<String>,
    /// Who decided.
    #[schema(required)]
    pub resolved_by: Option<UserId>,
    /// When.
    #[schema(required)]
    pub resolved_at: Option<Moment>,
    /// When it was reported.
    pub created_at: Moment,
    /// Raised by every change.
    pub version: i32,
}

/// A report with the message that it is about, of which staff see how it begins.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportDetails {
    /// The report.
    #[serde(flatten)]
    pub report: ReportListing,
    /// How the message begins.
    pub excerpt: String,
    /// Who wrote it.
    pub sender_id: UserId,
    /// Who received it.
    pub receiver_id: UserId,
    /// When.
    pub sent_at: Moment,
}

/// Where the books and Stripe's differ in a way that no rule puts right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingListing {
    /// The finding.
    pub id: FindingId,
    /// What kind: CONTRADICTION, UNKNOWN_INTENT, MISSING_INTENT, LEDGER_DIFFERS, REFUND_RETURNED, REFUND_REFUSED,
    /// DISPUTED, CREDIT_GIVEN_BACK or PUT_AWAY.
    pub kind: String,
    /// The payment's id, or that of Stripe's object.
    pub subject: String,
    /// The payment.
    #[schema(required)]
    pub payment_id: Option<PaymentId>,
    /// In words.
    pub detail: String,
    /// When it was found.
    pub found_at: Moment,
    /// When it was last found.
    pub last_found_at: Moment,
    /// Whether somebody has put it right.
    pub resolved: bool,
    /// When.
    #[schema(required)]
    pub resolved_at: Option<Moment>,
    /// Who.
    #[schema(required)]
    pub resolved_by: Option<UserId>,
    /// How, in words.
    #[schema(required)]
    pub resolution: Option<String>,
    /// Raised by every change.
    pub version: i32,
}

/// Something that staff did.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActionListing {
    /// Its id.
    pub id: ActionId,
    /// What, as `resource.action`.
    pub action: String,
    /// Who.
    pub actor_id: UserId,
    /// To whom.
    #[schema(required)]
    pub target_user_id: Option<UserId>,
    /// The table of what it was done to.
    #[schema(required)]
    pub target_table: Option<String>,
    /// The id of what it was done to.
    #[schema(required)]
    pub target_id: Option<String>,
    /// Why.
    pub reason: String,
    /// What else there is to say.
    #[schema(value_type = Object)]
    pub details: Value,
    /// The request.
    #[schema(required)]
    pub request_id: Option<uuid::Uuid>,
    /// When.
    pub created_at: Moment,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_take_a_ticket_the_steps_that_there_are() {
        use FeedbackStatus::{Closed, InProgress, Open, Resolved};
        for status in FeedbackStatus::ALL {
            assert_eq!(status.become_by_staff(*status), Ok(*status), "{status}");
        }
        assert_eq!(Open.become_by_staff(InProgress), Ok(InProgress));
        assert_eq!(Resolved.become_by_staff(Open), Ok(Open));
        assert!(Closed.become_by_staff(Resolved).is_err());
        assert!(InProgress.become_by_staff(Open).is_err());
    }
}
