//! How long seats are kept, from the environment of the functions that keep them.

use portal_domain::event::SeatTerms;
use time::Duration;

use crate::{ConfigError, Environment};

/// Reads `PORTAL_EVENTS_HOLD_MINUTES` (30), `PORTAL_EVENTS_OFFER_MINUTES` (a day) and `PORTAL_EVENTS_NO_SHOW_MINUTES` (30).
///
/// # Errors
/// [`ConfigError`], naming the variable.
pub fn terms(environment: Environment<'_>) -> Result<SeatTerms, ConfigError> {
    let minutes =
        |name, most: i64, usual: i64| environment.whole(name, 1..=most, usual).map(Duration::minutes);
    Ok(SeatTerms {
        hold: minutes("PORTAL_EVENTS_HOLD_MINUTES", 10_080, 30)?,
        offer: minutes("PORTAL_EVENTS_OFFER_MINUTES", 43_200, 1_440)?,
        no_show: minutes("PORTAL_EVENTS_NO_SHOW_MINUTES", 1_440, 30)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_as_usual() {
        let variables = [("PORTAL_EVENTS_OFFER_MINUTES", "90")];
        let terms = terms(Environment::of(&variables)).unwrap();
        assert_eq!(
            (terms.hold, terms.offer, terms.no_show),
            (
                Duration::minutes(30),
                Duration::minutes(90),
                Duration::minutes(30)
            )
        );
    }
}
