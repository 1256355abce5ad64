//! What the association allows, from the environment of the functions that keep memberships.

use portal_domain::membership::MembershipTerms;
use time::Duration;

use crate::{ConfigError, Environment};

/// Reads `PORTAL_MEMBERSHIP_GRACE_DAYS` (30).
///
/// # Errors
/// [`ConfigError`], naming the variable.
pub fn terms(environment: Environment<'_>) -> Result<MembershipTerms, ConfigError> {
    let grace = environment.whole("PORTAL_MEMBERSHIP_GRACE_DAYS", 0..=366, 30_i64)?;
    Ok(MembershipTerms {
        grace: Duration::days(grace),
        ..MembershipTerms::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grace_is_read_in_days() {
        let variables = [("PORTAL_MEMBERSHIP_GRACE_DAYS", "7")];
        assert_eq!(
            terms(Environment::of(&variables)).unwrap().grace,
            Duration::days(7)
        );
        assert_eq!(terms(Environment::of(&[])).unwrap(), MembershipTerms::default());
    }
}
