//! What the checks found last, for staff.

use portal_domain::listing::Moment;
use portal_domain::operations::{
    AlertListing, CheckListing, CheckStatus, Direction, HealthReport, SubjectListing,
};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::{CHECKS, Check, Limit};
use crate::{DataError, Tx, job_runs};

/// The job that makes the checks.
const JOB: &str = "health";

/// What was found longer ago says nothing of now: three looks were missed.
const STALE: Duration = Duration::minutes(15);

/// What people were told is wrong and is not over, the longest first; of one check, or of all.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn open_alerts(tx: &mut Tx, check: Option<&str>) -> Result<Vec<AlertListing>, DataError> {
    let rows = sqlx::query!(
        "SELECT check_name, subject, value, threshold, started_at FROM health_alerts
        WHERE ended_at IS NULL AND ($1::text IS NULL OR check_name = $1)
        ORDER BY started_at, id",
        check,
    );
    let rows = rows.fetch_all(&mut *tx).await?.into_iter();
    let alerts = rows.map(|row| AlertListing {
        check: row.check_name,
        subject: row.subject,
        value: row.value,
        threshold: row.threshold,
        started_at: Moment(row.started_at),
    });
    Ok(alerts.collect())
}

/// What the last look found of one subject of a check.
struct Last {
    metric: String,
    recorded_at: OffsetDateTime,
    value: f64,
    metadata: Value,
}

/// What every check found last, what is wrong, and how jobs ended; `runbook` is where people read what to do.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn report(tx: &mut Tx, runbook: &str, now: OffsetDateTime) -> Result<HealthReport, DataError> {
    let metrics: Vec<_> = CHECKS.iter().map(|check| metric_of(check)).collect();
    let last = sqlx::query_file_as!(Last, "src/health/last.sql", &metrics, now - Duration::DAY, now)
        .fetch_all(&mut *tx)
        .await?;
    let alerts = open_alerts(tx, None).await?;
    let jobs = job_runs::last_of_each(tx).await?;
    let measured_at = last.iter().map(|one| one.recorded_at).max();
    let failed = jobs.iter().find(|run| run.job == JOB);
    let failed = failed.and_then(|run| run.error.as_deref()).unwrap_or_default();
    let checks: Vec<_> = CHECKS
        .iter()
        .map(|check| {
            // A look that could not make a check says so in these words.
            let is_made = measured_at.is_some() && !failed.contains(&format!("the check {}:", check.name));
            found(check, is_made, (last.as_slice(), alerts.as_slice()), runbook)
        })
        .collect();
    Ok(HealthReport {
        status: overall(measured_at, &alerts, now),
        measured_at: measured_at.map(Moment),
        checks,
        jobs,
    })
}

/// What the history calls the values of a check.
fn metric_of(check: &Check) -> String {
    format!("health.{}", check.name)
}

fn overall(measured_at: Option<OffsetDateTime>, alerts: &[AlertListing], now: OffsetDateTime) -> CheckStatus {
    if measured_at.is_none_or(|at| at < now - STALE) {
        CheckStatus::Stale
    } else if alerts.is_empty() {
        CheckStatus::Ok
    } else {
        CheckStatus::Alert
    }
}

/// What is known of a check; one that finds nothing of anything has no subjects.
fn found(
    check: &Check,
    is_made: bool,
    (last, alerts): (&[Last], &[AlertListing]),
    runbook: &str,
) -> CheckListing {
    let metric = metric_of(check);
    let alerts: Vec<_> = alerts.iter().filter(|alert| alert.check == check.name).collect();
    let of_check = last.iter().filter(|one| one.metric == metric);
    let subjects: Vec<_> = of_check.map(|one| subject(one, &alerts)).collect();
    let since = alerts.iter().map(|alert| alert.started_at).min();
    CheckListing {
        name: check.name.to_owned(),
        status: if since.is_some() {
            CheckStatus::Alert
        } else if is_made {
            CheckStatus::Ok
        } else {
            CheckStatus::Unknown
        },
        value: check.limit.worst(subjects.iter().map(|one| one.value)),
        threshold: check.limit.threshold(),
        direction: match check.limit {
            Limit::Above(_) => Direction::Above,
            Limit::Below(_) => Direction::Below,
            Limit::Never => Direction::None,
        },
        unit: check.unit.word(),
        since,
        meaning: check.meaning.to_owned(),
        runbook: format!("{runbook}#{}", check.name),
        subjects,
    }
}

fn subject(one: &Last, alerts: &[&AlertListing]) -> SubjectListing {
    let mut details = one.metadata.clone();
    let members = details.as_object_mut();
    let subject = members
        .and_then(|members| members.remove("subject"))
        .and_then(|subject| subject.as_str().map(str::to_owned))
        .unwrap_or_default();
    let alert = alerts.iter().find(|alert| alert.subject == subject);
    SubjectListing {
        alert_since: alert.map(|alert| alert.started_at),
        value: one.value,
        details,
        subject,
    }
}
