//! Construction projects: what kinds there are, where they stand, and who may see them.

mod addendum;
mod details;
mod invitation;
mod lifecycle;
mod origin;
mod suits;

pub use addendum::Addendum;
pub use details::ProjectDetails;
pub use invitation::Invitation;
pub use lifecycle::{IllegalAction, ProjectAction};
pub use origin::{ExternalId, ImportOutcome, Origin, Source};
pub use suits::{MatchGrounds, MatchScore, ProjectMatch};

use crate::words::words;

words! {
    /// What kind of work a project is.
    ProjectCategory {
        /// Homes.
        Residential = "RESIDENTIAL",
        /// Shops, offices and other business premises.
        Commercial = "COMMERCIAL",
        /// Roads, water, power and other public works.
        Infrastructure = "INFRASTRUCTURE",
        /// Work on what stands already.
        Renovation = "RENOVATION",
        /// A new building of any kind.
        NewConstruction = "NEW_CONSTRUCTION",
        /// Upkeep under a contract.
        Maintenance = "MAINTENANCE",
        /// A single trade.
        Specialty = "SPECIALTY",
    }
}

words! {
    /// Where a project stands in its life.
    ProjectStatus {
        /// Being written; its owner and staff see it.
        Draft = "DRAFT",
        /// Announced; bids are not taken yet.
        Published = "PUBLISHED",
        /// Bids are taken.
        BiddingOpen = "BIDDING_OPEN",
        /// Bids are being weighed.
        BiddingClosed = "BIDDING_CLOSED",
        /// A bidder has won.
        Awarded = "AWARDED",
        /// The work is done.
        Completed = "COMPLETED",
        /// It will not be built.
        Cancelled = "CANCELLED",
    }
}

impl ProjectStatus {
    /// What a list shows when it is not asked for other states: what a member could still win.
    pub const CURRENT: [Self; 2] = [Self::Published, Self::BiddingOpen];
}

words! {
    /// Who may see a project.
    ProjectVisibility {
        /// Everyone.
        Public = "PUBLIC",
        /// Whoever has signed in.
        MembersOnly = "MEMBERS_ONLY",
        /// Invited members.
        InviteOnly = "INVITE_ONLY",
        /// Its owner and staff.
        Private = "PRIVATE",
    }
}

words! {
    /// How pressing a project is.
    ProjectPriority {
        /// Whenever there is time.
        Low = "LOW",
        /// As usual.
        Medium = "MEDIUM",
        /// Before others.
        High = "HIGH",
        /// At once.
        Urgent = "URGENT",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_documented_as_they_are_written() {
        let schema = serde_json::to_value(<ProjectPriority as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(
            schema["enum"],
            serde_json::json!(["LOW", "MEDIUM", "HIGH", "URGENT"])
        );
    }

    #[test]
    fn words_read_back_and_unknown_ones_name_the_set() {
        for status in ProjectStatus::ALL {
            assert_eq!(status.as_str().parse::<ProjectStatus>().unwrap(), *status);
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
        let refusal = "OPEN".parse::<ProjectPriority>().unwrap_err();
        assert_eq!(refusal.to_string(), "must be one of LOW, MEDIUM, HIGH, URGENT");
    }
}
