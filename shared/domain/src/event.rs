//! Events: what kinds there are, where they stand, what a seat costs, and who has one.

mod analytics;
mod details;
mod lifecycle;
mod price;
mod registration;
mod terms;

pub use analytics::{DayFigures, EventFigures, PriceFigures};
pub use details::EventDetails;
pub use lifecycle::{EventAction, IllegalEventAction};
pub use price::{Price, PriceKind, Prices};
pub use registration::{Registration, RegistrationStatus};
pub use terms::{CheckInWindow, SeatTerms};

use crate::words::words;

words! {
    /// What kind of event it is.
    EventType {
        /// To meet people.
        Networking = "NETWORKING",
        /// To learn something.
        Training = "TRAINING",
        /// Many talks.
        Conference = "CONFERENCE",
        /// To work on something together.
        Workshop = "WORKSHOP",
        /// Of the association or a committee.
        Meeting = "MEETING",
        /// Where prizes are given.
        Awards = "AWARDS",
        /// For a good cause.
        Fundraiser = "FUNDRAISER",
    }
}

words! {
    /// Where an event stands in its life.
    EventStatus {
        /// Being written; its organizer and staff see it.
        Draft = "DRAFT",
        /// Announced; registrations are not taken yet.
        Published = "PUBLISHED",
        /// Registrations are taken.
        RegistrationOpen = "REGISTRATION_OPEN",
        /// They are no longer taken.
        RegistrationClosed = "REGISTRATION_CLOSED",
        /// It has begun.
        InProgress = "IN_PROGRESS",
        /// It is over.
        Completed = "COMPLETED",
        /// It was called off.
        Cancelled = "CANCELLED",
    }
}

words! {
    /// Who may see an event.
    EventVisibility {
        /// Everyone.
        Public = "PUBLIC",
        /// Whoever has signed in.
        MembersOnly = "MEMBERS_ONLY",
    }
}
