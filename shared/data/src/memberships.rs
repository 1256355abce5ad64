//! Memberships: what can be bought, a member's schedule of paid periods, whom a company's covers, and what the clock does to them.
//!
//! A schedule is changed by one transaction at a time ([`hold`]); the rules are those of [`portal_domain::membership`]. Until when a member
//! is covered is kept by a trigger, for the holder and the people alike.

mod apply;
mod list;
mod people;
mod schedule;
mod standing;
mod terms;
mod upkeep;

pub(crate) use apply::{grant, revalue, revoke};
pub use list::{is_corporate, list, list_tiers};
pub use people::{accept, add_person, invite, list_invitations, list_people, remove_person};
pub use schedule::{Offered, hold, is_counted_elsewhere, offer, schedule};
pub use standing::is_in_force;
pub use terms::terms;
pub use upkeep::{end, list_ended, remind};

use crate::DataError;

/// Reads a word of a row that the table's checks should have kept readable.
fn word<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, DataError> {
    text.parse()
        .map_err(|error: T::Err| corrupt(&format_args!("{text:?} {error}")))
}

fn corrupt(reason: &dyn std::fmt::Display) -> DataError {
    DataError::Corrupt {
        table: "memberships",
        reason: reason.to_string(),
    }
}
