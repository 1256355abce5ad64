//! Figures of the past, for plots.

use portal_domain::listing::Moment;
use portal_domain::operations::{MOST_SUBJECTS, Point, Series, SeriesOfSubject, Unit as Word, Window};
use time::{Duration, OffsetDateTime};

use super::CHECKS;
use crate::{DataError, Tx};

/// What the metrics of checks begin with.
const PREFIX: &str = "health.";

/// One step of one subject.
struct Step {
    subject: String,
    at: OffsetDateTime,
    min: f64,
    avg: f64,
    max: f64,
    count: i64,
}

/// A metric over time, of one subject or of those with the highest values.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn series(
    tx: &mut Tx,
    metric: &str,
    subject: Option<&str>,
    window: &Window,
) -> Result<Series, DataError> {
    let steps = sqlx::query_file_as!(
        Step,
        "src/health/series.sql",
        metric,
        subject,
        window.from,
        window.until,
        window.step.as_seconds_f64(),
        MOST_SUBJECTS,
    );
    let steps = steps.fetch_all(&mut *tx).await?;
    let mut series: Vec<SeriesOfSubject> = Vec::new();
    for step in steps {
        let point = Point {
            at: Moment(step.at),
            min: step.min,
            avg: step.avg,
            max: step.max,
            count: step.count,
        };
        match series.last_mut() {
            Some(last) if last.subject == step.subject => last.points.push(point),
            _ => series.push(SeriesOfSubject {
                subject: step.subject,
                points: vec![point],
            }),
        }
    }
    Ok(Series {
        name: metric.to_owned(),
        unit: unit_of(metric),
        from: Moment(window.from),
        to: Moment(window.until),
        step_seconds: window.step.whole_seconds(),
        series,
    })
}

/// The metrics that were measured in the day that ends now, by their names.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn metric_names(tx: &mut Tx, now: OffsetDateTime) -> Result<Vec<String>, DataError> {
    let names = sqlx::query_scalar!(
        "SELECT DISTINCT metric FROM system_metrics WHERE recorded_at > $1 AND recorded_at <= $2 ORDER BY 1",
        now - Duration::DAY,
        now,
    );
    Ok(names.fetch_all(&mut *tx).await?)
}

/// What the history calls the values of a check; none where there is no such check.
#[must_use]
pub fn history_of(check: &str) -> Option<String> {
    let check = CHECKS.iter().find(|known| known.name == check)?;
    Some(format!("{PREFIX}{}", check.name))
}

fn unit_of(metric: &str) -> Option<Word> {
    let name = metric.strip_prefix(PREFIX)?;
    let check = CHECKS.iter().find(|check| check.name == name)?;
    Some(check.unit.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_of_a_check_has_its_unit() {
        assert_eq!(history_of("pool-use").as_deref(), Some("health.pool-use"));
        assert_eq!(unit_of("health.pool-use"), Some(Word::Percent));
        assert_eq!(history_of("no-check"), None);
        assert_eq!(unit_of("pool-use"), None);
    }
}
