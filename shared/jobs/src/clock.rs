//! What time it is for a run.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The time that a scheduled run is for, and the time that it really is. They differ when a schedule comes late, and where somebody
/// makes up for runs that were missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The time that the run is for.
    pub at: OffsetDateTime,
    /// The time that it is.
    pub now: OffsetDateTime,
}

impl Clock {
    /// Reads the member `time` of an event of EventBridge; without one the run is for now.
    #[must_use]
    pub fn of_event(event: &Value, now: OffsetDateTime) -> Self {
        let time = event.get("time").and_then(Value::as_str);
        let at = time.and_then(|time| OffsetDateTime::parse(time, &Rfc3339).ok());
        Self {
            at: at.unwrap_or(now),
            now,
        }
    }

    /// The earlier of the two: what is over then is over by any clock, so that an event from the future makes nothing old.
    #[must_use]
    pub fn surely(&self) -> OffsetDateTime {
        self.at.min(self.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-08-24 10:00 UTC);

    #[test]
    fn an_event_says_what_time_its_run_is_for() {
        let clock = Clock::of_event(&json!({ "time": "2026-08-20T03:00:00Z" }), NOW);
        assert_eq!(clock.at, datetime!(2026-08-20 03:00 UTC));
        assert_eq!(clock.surely(), clock.at);
        for without in [json!({}), json!({ "time": "soon" }), json!({ "time": 7 })] {
            assert_eq!(Clock::of_event(&without, NOW).at, NOW);
        }
    }

    #[test]
    fn the_future_makes_nothing_old() {
        let clock = Clock::of_event(&json!({ "time": "2099-01-01T00:00:00Z" }), NOW);
        assert_eq!((clock.at.year(), clock.surely()), (2099, NOW));
    }
}
