//! Seats at events, and the waitlist.
//!
//! Whatever changes a seat first takes hold of the event's row ([`hold`]), so that it goes one after the other; what has run out is
//! taken back there and goes to the first who wait, before anybody else gets it. A trigger counts the seats and refuses one too many.
//! Seats are written by functions of the database, which ask who calls; here is decided which of them.

mod arrival;
mod check_in;
mod due;
mod hold;
mod list;
mod payment;
mod row;
mod seats;
mod terms;
mod ticket;

use portal_domain::event::{Registration, RegistrationStatus};
use portal_domain::ids::{EventId, RegistrationId, UserId};
use serde::{Deserialize, Serialize};

use crate::projects::micros;

pub use check_in::{Admitted, Arrival, check_in, undo_check_in};
pub use due::{list_due, settle};
pub use hold::{HeldEvent, LockedRegistration, hold, lock_own};
pub use list::{count, list, lookup, lookup_own};
pub use payment::{Payment, confirm_payment, revoke_payment};
pub use seats::{accept, cancel, register};
pub use terms::terms;
pub use ticket::{Seat, find_seat};

/// Which registrations a list shows. What is empty or absent filters nothing.
#[derive(Clone, Debug, Default)]
pub struct RegistrationFilters {
    /// For this event.
    pub event: Option<EventId>,
    /// Of this member.
    pub member: Option<UserId>,
    /// Where they stand.
    pub statuses: Vec<RegistrationStatus>,
}

/// Where a list goes on: after the registration that was made then, in microseconds since 1970, and this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationPosition {
    registered_micros: i64,
    id: RegistrationId,
}

impl RegistrationPosition {
    /// Where a list goes on after this registration.
    #[must_use]
    pub fn after(registration: &Registration) -> Self {
        Self {
            registered_micros: micros(registration.registered_at),
            id: registration.id,
        }
    }
}
