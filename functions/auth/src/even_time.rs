//! Answers that take the same time whatever was found.
//!
//! What follows the expensive part of a request (some statements more where an account is known) stays well below the span, so
//! that the answer leaves at the same moment with and without it.

use std::time::Duration;

use tokio::time::Instant;

/// Longer than the statements take that one answer needs and another does not.
const SPAN: Duration = Duration::from_millis(40);

/// When the part of a request began whose length must not show.
pub(crate) struct EvenTime(Instant);

impl EvenTime {
    /// Begins now.
    pub(crate) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Waits until the span is over, or where it is over already, until the next one is.
    pub(crate) async fn end(self) {
        let mut end = self.0 + SPAN;
        while end < Instant::now() {
            end += SPAN;
        }
        tokio::time::sleep_until(end).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn short_and_long_work_take_whole_spans() {
        for (work, spans) in [(0, 1), (10, 1), (50, 2)] {
            let began = Instant::now();
            let even = EvenTime::begin();
            std::thread::sleep(Duration::from_millis(work));
            even.end().await;
            assert!(began.elapsed() >= SPAN * spans, "{work} ms");
        }
    }
}
