//! Bids on projects.

use serde::Serialize;
use utoipa::ToSchema;

use crate::ids::{ApplicationId, ProjectId, UserId};
use crate::listing::Moment;
use crate::money::Cents;
use crate::project::ProjectStatus;
use crate::text::Prose;
use crate::words::words;

words! {
    /// Where a bid stands.
    ApplicationStatus {
        /// Handed in.
        Pending = "PENDING",
        /// Being weighed.
        Reviewing = "REVIEWING",
        /// It has won.
        Approved = "APPROVED",
        /// It has not.
        Rejected = "REJECTED",
        /// Taken back by the bidder.
        Withdrawn = "WITHDRAWN",
    }
}

impl ApplicationStatus {
    /// Whether the bid is still being decided on.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Reviewing)
    }

    /// Whether who runs the project may set this state by hand; a bid wins by the award alone.
    #[must_use]
    pub const fn is_reviewers_choice(self) -> bool {
        matches!(self, Self::Pending | Self::Reviewing | Self::Rejected)
    }
}

/// What a bidder hands in: an amount, a cover letter or a proposal, at least one of them.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"bidAmountCents": 1_250_000}))]
pub struct Bid {
    /// What the bidder asks for the work, in US dollars.
    pub bid_amount_cents: Option<Cents>,
    /// Who bids, and why.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 10_000)]
    pub cover_letter: Option<Prose<10_000>>,
    /// How the work would be done.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 50_000)]
    pub proposal: Option<Prose<50_000>>,
}

/// A bid as its bidder and those who run the project see it. Rivals see neither it nor that there is one.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// The project.
    pub project_id: ProjectId,
    /// The project's title.
    pub project_title: String,
    /// Where the project stands.
    pub project_status: ProjectStatus,
    /// Who bids.
    pub user_id: UserId,
    /// The bidder's name; absent where the account is closed.
    #[schema(required)]
    pub bidder_name: Option<String>,
    /// The bidder's company.
    #[schema(required)]
    pub bidder_company: Option<String>,
    /// The bidder's contractor licence.
    #[schema(required)]
    pub bidder_license: Option<String>,
    /// Whether that licence is in good standing and has a class that the project asks for; true where it asks for none.
    pub is_eligible: bool,
    /// What the bidder asks for the work.
    #[schema(required)]
    pub bid_amount_cents: Option<Cents>,
    /// The currency of the amount (ISO 4217).
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// Who bids, and why.
    pub cover_letter: String,
    /// How the work would be done.
    pub proposal: String,
    /// Where the bid stands.
    pub status: ApplicationStatus,
    /// When it was handed in.
    pub submitted_at: Moment,
    /// When it was taken back.
    #[schema(required)]
    pub withdrawn_at: Option<Moment>,
    /// When it was last decided on.
    #[schema(required)]
    pub reviewed_at: Option<Moment>,
    /// The notes of those who run the project; absent for the bidder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// How many addenda the bidder has still to acknowledge.
    #[schema(minimum = 0)]
    pub addenda_to_acknowledge: i64,
    /// How it came to where it stands.
    pub history: Vec<ApplicationStep>,
    /// Raised by every change.
    pub version: i32,
}

/// One step in the life of a bid.
#[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationStep {
    /// Where it stood before; absent for the first.
    #[schema(required)]
    pub from_status: Option<ApplicationStatus>,
    /// Where it stood then.
    pub to_status: ApplicationStatus,
    /// When.
    pub at: Moment,
}
