//! Whether and when a request is made again.

use std::time::Duration;

use http::Method;

use crate::Config;

/// What came of one attempt.
pub(crate) enum Attempt {
    /// No connection came about: nothing was sent.
    NotConnected,
    /// It was sent, and no answer came, or not all of it.
    Lost,
    /// An answer.
    Answered {
        /// Its status.
        status: u16,
        /// What Stripe itself advises (`Stripe-Should-Retry`).
        advised: Option<bool>,
    },
}

impl Attempt {
    /// Whether it is worth another attempt. What changes something and has no idempotency key is never made again once it may have been sent.
    pub(crate) fn is_worth_another(&self, method: &Method, has_key: bool) -> bool {
        let is_repeatable = method == Method::GET || has_key;
        match *self {
            Self::NotConnected => true,
            Self::Lost => is_repeatable,
            Self::Answered {
                advised: Some(advised),
                ..
            } => is_repeatable && advised,
            Self::Answered { status, .. } => is_repeatable && matches!(status, 409 | 429 | 500..),
        }
    }
}

/// The pause before the attempt after so many: doubled with each, and of that a random part of up to a half less, so that callers whom one outage
/// has held up do not all come back at once; but as long as Stripe asks for.
///
/// Exponential backoff with "equal jitter": <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>.
pub(crate) fn pause(config: &Config, attempts: u32, asked: Option<Duration>) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    let whole = config
        .shortest_pause
        .saturating_mul(1 << doublings)
        .min(config.longest_pause);
    let jittered = whole.mul_f64(1.0 - (config.chance)().clamp(0.0, 1.0) / 2.0);
    jittered.max(asked.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answered(status: u16) -> Attempt {
        Attempt::Answered {
            status,
            advised: None,
        }
    }

    #[test]
    fn nothing_is_charged_twice_for_want_of_a_key() {
        let lost = [Attempt::Lost, answered(500), answered(409), answered(429)];
        for attempt in &lost {
            assert!(!attempt.is_worth_another(&Method::POST, false));
            assert!(attempt.is_worth_another(&Method::POST, true));
            assert!(attempt.is_worth_another(&Method::GET, false));
        }
        assert!(Attempt::NotConnected.is_worth_another(&Method::POST, false));
    }

    #[test]
    fn what_is_refused_for_good_is_not_tried_again() {
        for status in [400, 401, 402, 403, 404] {
            assert!(
                !answered(status).is_worth_another(&Method::POST, true),
                "{status}"
            );
        }
        let advised = |status, advised| Attempt::Answered {
            status,
            advised: Some(advised),
        };
        assert!(!advised(500, false).is_worth_another(&Method::POST, true));
        assert!(advised(400, true).is_worth_another(&Method::POST, true));
        assert!(!advised(400, true).is_worth_another(&Method::POST, false));
    }

    proptest! {
        #[test]
        fn pauses_double_with_up_to_a_half_less(attempts in 1..40_u32) {
            let with = |chance: fn() -> f64| Config { chance, ..Config::default() };
            let whole = pause(&with(|| 0.0), attempts, None);
            let least = pause(&with(|| 1.0), attempts, None);
            prop_assert_eq!(least * 2, whole);
            prop_assert!(whole <= Config::default().longest_pause);
            let asked = Duration::from_secs(7);
            prop_assert_eq!(pause(&with(|| 0.5), attempts, Some(asked)), asked);
        }
    }
}
