//! How long enrolments are kept, from the environment of the functions that keep them.

use portal_domain::course::LearningTerms;
use time::Duration;

use crate::{ConfigError, Environment};

/// Reads `PORTAL_LEARNING_HOLD_MINUTES` (a day).
///
/// # Errors
/// [`ConfigError`], naming the variable.
pub fn terms(environment: Environment<'_>) -> Result<LearningTerms, ConfigError> {
    let hold = environment.whole("PORTAL_LEARNING_HOLD_MINUTES", 1..=43_200_i64, 1_440)?;
    Ok(LearningTerms {
        hold: Duration::minutes(hold),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_a_day() {
        let hold = |variables: &[(&str, &str)]| terms(Environment::of(variables)).map(|terms| terms.hold);
        assert_eq!(hold(&[]).unwrap(), Duration::DAY);
        assert_eq!(
            hold(&[("PORTAL_LEARNING_HOLD_MINUTES", "90")]).unwrap(),
            Duration::minutes(90)
        );
        assert!(hold(&[("PORTAL_LEARNING_HOLD_MINUTES", "0")]).is_err());
    }
}
