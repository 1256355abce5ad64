//! Figures over time, for plots.

use serde::Serialize;
use thiserror::Error;
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use super::Unit;
use crate::listing::Moment;

/// How many points a series has at most.
pub const MOST_POINTS: i64 = 2_000;

/// Of how many subjects there are series at most.
pub const MOST_SUBJECTS: i64 = 20;

/// How many points a series has about, where nobody says how long a step is.
const USUAL_POINTS: i64 = 300;

/// The shortest step, in seconds.
const SHORTEST: i64 = 60;

/// The longest step, in seconds.
const LONGEST: i64 = 86_400;

/// Why there is no such series.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum WindowError {
    /// It would end before it begins.
    #[error("must be before to")]
    Backward,
    /// It would have too many points.
    #[error("would give more than {MOST_POINTS} points: take a longer step, or less time")]
    TooMany,
}

/// The time of a series, and the steps that it is cut into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// From this moment on.
    pub from: OffsetDateTime,
    /// Before this moment.
    pub until: OffsetDateTime,
    /// How long a step is.
    pub step: Duration,
}

impl Window {
    /// The time between two moments; without them the day that ends now. Without a step, one that makes 300 points at most.
    ///
    /// # Errors
    /// [`WindowError`] when it is no time, or too long for its step.
    pub fn of(
        (from, until): (Option<Moment>, Option<Moment>),
        step_seconds: Option<u32>,
        now: OffsetDateTime,
    ) -> Result<Self, WindowError> {
        let until = until.map_or(now, |until| until.0);
        let from = from.map_or_else(|| until.saturating_sub(Duration::DAY), |from| from.0);
        if from >= until {
            return Err(WindowError::Backward);
        }
        let seconds = (until - from).whole_seconds() + 1;
        let usual = || (seconds / USUAL_POINTS + 1).clamp(SHORTEST, LONGEST);
        let step = step_seconds.map_or_else(usual, i64::from);
        if seconds / step.max(1) >= MOST_POINTS {
            return Err(WindowError::TooMany);
        }
        Ok(Self {
            from,
            until,
            step: Duration::seconds(step),
        })
    }
}

/// Figures over time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Series {
    /// What was measured.
    #[schema(example = "health.pool-use")]
    pub name: String,
    /// In what, where that is known.
    #[schema(required)]
    pub unit: Option<Unit>,
    /// From when on.
    pub from: Moment,
    /// Until before when.
    pub to: Moment,
    /// How long each step is.
    pub step_seconds: i64,
    /// Each of the things that were measured; those with the highest values where there are many.
    pub series: Vec<SeriesOfSubject>,
}

/// The figures of one of several things.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeriesOfSubject {
    /// Which; empty where there is one.
    pub subject: String,
    /// Its points, the earliest first; steps without a value have none.
    pub points: Vec<Point>,
}

/// What was measured in one step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// When the step begins.
    pub at: Moment,
    /// The lowest value.
    pub min: f64,
    /// The mean of the values.
    pub avg: f64,
    /// The highest.
    pub max: f64,
    /// How many there were.
    pub count: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-08-24 10:00 UTC);

    #[test]
    fn without_a_word_it_is_the_last_day_in_some_three_hundred_points() {
        let window = Window::of((None, None), None, NOW).unwrap();
        assert_eq!((window.from, window.until), (NOW - Duration::DAY, NOW));
        let points = (window.until - window.from).whole_seconds() / window.step.whole_seconds();
        assert!((200..=300).contains(&points), "{points}");
    }

    #[test]
    fn no_time_and_too_much_of_it_are_refused() {
        let from = |days: i64| Some(Moment(NOW - Duration::days(days)));
        let window = |days, step| Window::of((from(days), None), step, NOW);
        assert_eq!(window(0, None), Err(WindowError::Backward));
        assert_eq!(window(-1, None), Err(WindowError::Backward));
        assert_eq!(window(90, Some(60)), Err(WindowError::TooMany));
        assert!(window(90, Some(3_600)).is_err());
        assert!(window(90, Some(7_200)).is_ok());
        assert!(window(90, None).is_ok());
    }
}
