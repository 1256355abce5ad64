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
        tokio::time::sleep_until(self.0 + whole_spans(self.0.elapsed())).await;
    }
}

/// The fewest spans that hold some work.
fn whole_spans(work: Duration) -> Duration {
    let spans = work.as_nanos().div_ceil(SPAN.as_nanos()).max(1);
    SPAN.saturating_mul(u32::try_from(spans).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_work_take_whole_spans() {
        for (work, spans) in [(0, 1), (1, 1), (40, 1), (41, 2), (200, 5)] {
            assert_eq!(
                whole_spans(Duration::from_millis(work)),
                SPAN * spans,
                "{work} ms"
            );
        }
    }
}
