//! How long a mail waits after a try that failed.

use std::time::Duration;

const SHORTEST: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_secs(3600);

/// The pause after so many tries: doubled with each, an hour at most, and of that a random part of up to a half less. `chance` is a
/// number from 0 to 1, spread evenly, so that the mails that one outage has held up do not all come back at once.
///
/// Exponential backoff with "equal jitter": <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>.
#[must_use]
pub fn pause(attempts: u32, chance: f64) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    let whole = SHORTEST.saturating_mul(1 << doublings).min(LONGEST);
    whole.mul_f64(1.0 - chance.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_doubles_up_to_an_hour() {
        let seconds = |attempts| pause(attempts, 0.0).as_secs();
        assert_eq!(
            [1, 2, 3, 7, 8, 9, u32::MAX].map(seconds),
            [30, 60, 120, 1920, 3600, 3600, 3600]
        );
    }

    proptest! {
        #[test]
        fn chance_takes_up_to_a_half(attempts in 0..100_u32, chance in 0.0..=1.0) {
            let (pause, whole) = (pause(attempts, chance), pause(attempts, 0.0));
            prop_assert!(pause <= whole && pause >= whole / 2);
        }
    }
}
