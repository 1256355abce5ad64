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

use crate::columns::Table;

/// Where the rows come from, for errors.
const TABLE: Table = Table("memberships");
