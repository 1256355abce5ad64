//! The life of a project, from the first draft to the finished work.

use thiserror::Error;

use super::ProjectStatus;
use crate::words::words;

words! {
    /// What an owner does to bring a project from one state to the next.
    ProjectAction {
        /// Announces it.
        Publish = "publish",
        /// Begins to take bids, or takes them again.
        Open = "open",
        /// Ends the taking of bids.
        Close = "close",
        /// Gives the work to a bidder.
        Award = "award",
        /// Says that the work is done.
        Complete = "complete",
        /// Gives the project up.
        Cancel = "cancel",
    }
}

/// An action that the project's state does not allow.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("a project that is {from} cannot {action}; it can {}", named(allowed))]
pub struct IllegalAction {
    /// What was tried.
    pub action: ProjectAction,
    /// Where the project stands.
    pub from: ProjectStatus,
    /// What can be done instead.
    pub allowed: Vec<ProjectAction>,
}

fn named(actions: &[ProjectAction]) -> String {
    let names: Vec<_> = actions.iter().map(|action| action.as_str()).collect();
    match names.as_slice() {
        [] => "do nothing more".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

impl ProjectAction {
    /// The state that the action leads to.
    #[must_use]
    pub const fn target(self) -> ProjectStatus {
        match self {
            Self::Publish => ProjectStatus::Published,
            Self::Open => ProjectStatus::BiddingOpen,
            Self::Close => ProjectStatus::BiddingClosed,
            Self::Award => ProjectStatus::Awarded,
            Self::Complete => ProjectStatus::Completed,
            Self::Cancel => ProjectStatus::Cancelled,
        }
    }

    /// The state after the action.
    ///
    /// # Errors
    /// [`IllegalAction`], naming what is allowed instead.
    pub fn from(self, status: ProjectStatus) -> Result<ProjectStatus, IllegalAction> {
        if status.actions().contains(&self) {
            Ok(self.target())
        } else {
            Err(IllegalAction {
                action: self,
                from: status,
                allowed: status.actions().to_vec(),
            })
        }
    }
}

impl ProjectStatus {
    /// What can be done with a project in this state.
    #[must_use]
    pub const fn actions(self) -> &'static [ProjectAction] {
        use ProjectAction::{Award, Cancel, Close, Complete, Open, Publish};
        match self {
            Self::Draft => &[Publish, Cancel],
            Self::Published => &[Open, Cancel],
            Self::BiddingOpen => &[Close, Cancel],
            // Opened again, it takes bids under a new deadline. Bids are weighed only once no more can come.
            Self::BiddingClosed => &[Award, Open, Cancel],
            Self::Awarded => &[Complete, Cancel],
            Self::Completed | Self::Cancelled => &[],
        }
    }

    /// Whether the owner may still change what the project says.
    #[must_use]
    pub const fn is_editable(self) -> bool {
        matches!(
            self,
            Self::Draft | Self::Published | Self::BiddingOpen | Self::BiddingClosed
        )
    }

    /// Whether people may have planned a bid by what the project says, so that a change has to reach them.
    #[must_use]
    pub const fn is_announced(self) -> bool {
        matches!(self, Self::Published | Self::BiddingOpen | Self::BiddingClosed)
    }

    /// Whether those who run the project may still decide on its bids one by one.
    #[must_use]
    pub const fn weighs_bids(self) -> bool {
        matches!(self, Self::BiddingOpen | Self::BiddingClosed)
    }

    /// Whether the project can be taken away: nobody has bid, or it has been given up.
    #[must_use]
    pub const fn is_deletable(self) -> bool {
        matches!(self, Self::Draft | Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_can_be_reached_and_every_one_but_two_left() {
        for status in ProjectStatus::ALL {
            let reached = ProjectStatus::ALL
                .iter()
                .any(|from| from.actions().iter().any(|action| action.target() == *status));
            assert_eq!(reached, *status != ProjectStatus::Draft, "{status}");
            let last = matches!(status, ProjectStatus::Completed | ProjectStatus::Cancelled);
            assert_eq!(status.actions().is_empty(), last, "{status}");
        }
    }

    #[test]
    fn an_illegal_action_names_the_legal_ones() {
        let refusal = ProjectAction::Award.from(ProjectStatus::BiddingOpen).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "a project that is BIDDING_OPEN cannot award; it can close or cancel"
        );
        let refusal = ProjectAction::Open.from(ProjectStatus::Completed).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "a project that is COMPLETED cannot open; it can do nothing more"
        );
        assert_eq!(
            ProjectAction::Open.from(ProjectStatus::Published),
            Ok(ProjectStatus::BiddingOpen)
        );
    }
}
