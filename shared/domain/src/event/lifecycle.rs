//! The life of an event. People publish it and call it off; the rest is the clock's, by the event's own dates.

use thiserror::Error;

use super::EventStatus;
use crate::words::words;

words! {
    /// What an organizer does to bring an event from one state to the next.
    EventAction {
        /// Announces it; registrations are taken from then on, or from the date that it names.
        Publish = "publish",
        /// Calls it off.
        Cancel = "cancel",
    }
}

/// An action that the event's state does not allow.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("an event that is {from} cannot {action}; it can {}", named(allowed))]
pub struct IllegalEventAction {
    /// What was tried.
    pub action: EventAction,
    /// Where the event stands.
    pub from: EventStatus,
    /// What can be done instead.
    pub allowed: Vec<EventAction>,
}

fn named(actions: &[EventAction]) -> String {
    let names: Vec<_> = actions.iter().map(|action| action.as_str()).collect();
    match names.as_slice() {
        [] => "do nothing more".to_owned(),
        names => names.join(" or "),
    }
}

impl EventAction {
    /// The state that is stored after the action; the clock may show it further on.
    ///
    /// # Errors
    /// [`IllegalEventAction`], naming what is allowed instead.
    pub fn from(self, status: EventStatus) -> Result<EventStatus, IllegalEventAction> {
        if !status.actions().contains(&self) {
            return Err(IllegalEventAction {
                action: self,
                from: status,
                allowed: status.actions().to_vec(),
            });
        }
        Ok(match self {
            Self::Publish => EventStatus::RegistrationOpen,
            Self::Cancel => EventStatus::Cancelled,
        })
    }
}

impl EventStatus {
    /// What a list shows when it is not asked for other states: what is announced and not over.
    pub const CURRENT: [Self; 4] = [
        Self::Published,
        Self::RegistrationOpen,
        Self::RegistrationClosed,
        Self::InProgress,
    ];

    /// What people can do with an event in this state.
    #[must_use]
    pub const fn actions(self) -> &'static [EventAction] {
        use EventAction::{Cancel, Publish};
        match self {
            Self::Draft => &[Publish, Cancel],
            Self::Published | Self::RegistrationOpen | Self::RegistrationClosed | Self::InProgress => {
                &[Cancel]
            }
            Self::Completed | Self::Cancelled => &[],
        }
    }

    /// Where the clock may bring an event from this state.
    #[must_use]
    pub const fn in_time(self) -> &'static [Self] {
        match self {
            Self::Published => &[Self::RegistrationOpen, Self::RegistrationClosed, Self::InProgress],
            Self::RegistrationOpen => &[Self::RegistrationClosed, Self::InProgress],
            Self::RegistrationClosed => &[Self::InProgress],
            Self::InProgress => &[Self::Completed],
            Self::Draft | Self::Completed | Self::Cancelled => &[],
        }
    }

    /// Whether the organizer may still change what the event says.
    #[must_use]
    pub const fn is_editable(self) -> bool {
        !matches!(self, Self::Completed | Self::Cancelled)
    }

    /// Whether people may have planned by what the event says, so that a change of time or place has to reach them.
    #[must_use]
    pub const fn is_announced(self) -> bool {
        matches!(
            self,
            Self::Published | Self::RegistrationOpen | Self::RegistrationClosed | Self::InProgress
        )
    }

    /// Whether a seat can still be given back, and passed on.
    #[must_use]
    pub const fn is_ahead(self) -> bool {
        matches!(
            self,
            Self::Published | Self::RegistrationOpen | Self::RegistrationClosed
        )
    }

    /// Whether the event can be taken away: nobody knows of it, or it has been called off.
    #[must_use]
    pub const fn is_deletable(self) -> bool {
        matches!(self, Self::Draft | Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_can_be_reached_by_people_or_in_time() {
        for status in EventStatus::ALL {
            let by_people = EventStatus::ALL.iter().any(|from| {
                let actions = from.actions().iter();
                actions.copied().any(|action| action.from(*from) == Ok(*status))
            });
            let in_time = EventStatus::ALL
                .iter()
                .any(|from| from.in_time().contains(status));
            // An event is published before it is open where it names a date.
            let first = matches!(status, EventStatus::Draft | EventStatus::Published);
            assert_eq!(by_people || in_time, !first, "{status}");
        }
    }

    #[test]
    fn nothing_leads_out_of_the_end() {
        for status in [EventStatus::Completed, EventStatus::Cancelled] {
            assert!(status.actions().is_empty() && status.in_time().is_empty() && !status.is_editable());
        }
    }

    #[test]
    fn an_illegal_action_names_the_legal_ones() {
        let refusal = EventAction::Publish
            .from(EventStatus::RegistrationOpen)
            .unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "an event that is REGISTRATION_OPEN cannot publish; it can cancel"
        );
        let refusal = EventAction::Cancel.from(EventStatus::Completed).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "an event that is COMPLETED cannot cancel; it can do nothing more"
        );
    }
}
