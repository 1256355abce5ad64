//! Spreads sends over time.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Gives turns that are at least `1 / rate` apart.
pub(crate) struct Pacer {
    apart: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pacer {
    /// So many turns a second.
    pub(crate) fn new(rate: u32) -> Self {
        Self {
            apart: Duration::from_secs(1) / rate.max(1),
            next: Mutex::default(),
        }
    }

    /// Waits for the next turn.
    pub(crate) async fn turn(&self) {
        tokio::time::sleep_until(self.reserve(Instant::now()).into()).await;
    }

    fn reserve(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = next.map_or(now, |next| next.max(now));
        *next = Some(turn + self.apart);
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_apart_and_idle_time_is_not_saved_up() {
        let pacer = Pacer::new(4);
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        assert_eq!(pacer.reserve(start), start);
        assert_eq!(pacer.reserve(start), at(250));
        assert_eq!(pacer.reserve(at(100)), at(500));
        assert_eq!(pacer.reserve(at(5_000)), at(5_000));
        assert_eq!(pacer.reserve(at(5_000)), at(5_250));
    }
}
