//! What settling a payment takes to know besides.

use portal_domain::event::SeatTerms;
use portal_domain::membership::MembershipTerms;

use crate::{ConfigError, Environment, memberships, registrations};

/// How long seats are kept, and what goes for memberships.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Of seats at events.
    pub seats: SeatTerms,
    /// Of memberships.
    pub membership: MembershipTerms,
}

/// Reads what [`registrations::terms`] and [`memberships::terms`] read.
///
/// # Errors
/// [`ConfigError`], naming the variable.
pub fn terms(environment: Environment<'_>) -> Result<Terms, ConfigError> {
    Ok(Terms {
        seats: registrations::terms(environment)?,
        membership: memberships::terms(environment)?,
    })
}
