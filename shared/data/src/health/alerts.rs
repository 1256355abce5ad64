//! Alerts: each begins once and ends once, and people are told of both at least once.

use serde_json::Value;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Check, Measurement};
use crate::single_row::one;
use crate::{DataError, Tx};

/// What is wrong with one subject of a check.
#[derive(Clone, Copy, Debug)]
pub struct Finding<'a> {
    /// Which of several things.
    pub measurement: &'a Measurement,
    /// The limit that was passed.
    pub threshold: f64,
}

/// What people are to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// An alert has begun.
    Started,
    /// It is over.
    Ended,
}

/// An alert that people are to be told of.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Its id.
    pub id: Uuid,
    /// The check.
    pub check: String,
    /// Which of several things.
    pub subject: String,
    /// The last value beyond the limit.
    pub value: f64,
    /// The limit.
    pub threshold: f64,
    /// What else the check found.
    pub details: Value,
    /// When it began.
    pub started_at: OffsetDateTime,
    /// When it ended.
    pub ended_at: Option<OffsetDateTime>,
    /// Whether people know that it began.
    pub start_is_told: bool,
}

impl Alert {
    /// What people are told next.
    #[must_use]
    pub const fn notice(&self) -> Notice {
        if self.start_is_told {
            Notice::Ended
        } else {
            Notice::Started
        }
    }
}

/// Brings a check's alerts up to date with what it found: new ones begin, those that are still there are seen, and those that have been
/// gone for `calm` end. What was found a little earlier than what is noted changes nothing; a note from farther ahead than clocks may
/// differ is one of a clock that was wrong, and does not hold an alert up until then.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn note(
    tx: &mut Tx,
    check: &Check,
    found: &[Finding<'_>],
    at: OffsetDateTime,
    calm: Duration,
) -> Result<(), DataError> {
    for finding in found {
        sqlx::query!(
            "INSERT INTO health_alerts AS a (id, check_name, subject, value, threshold, details, started_at, seen_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
            ON CONFLICT (check_name, subject) WHERE ended_at IS NULL DO UPDATE SET
                value = EXCLUDED.value, threshold = EXCLUDED.threshold, details = EXCLUDED.details, seen_at = EXCLUDED.seen_at,
                calm_since = NULL
            WHERE a.seen_at < EXCLUDED.seen_at OR a.seen_at > EXCLUDED.seen_at + interval '1 hour'",
            Uuid::now_v7(),
            check.name,
            finding.measurement.subject,
            finding.measurement.value,
            finding.threshold,
            finding.measurement.details,
            at,
        )
        .execute(&mut *tx)
        .await?;
    }
    let subjects: Vec<_> = found.iter().map(|one| one.measurement.subject.clone()).collect();
    sqlx::query!(
        "UPDATE health_alerts SET
            calm_since = least(calm_since, $3),
            ended_at = CASE WHEN least(calm_since, $3) <= $4 THEN greatest(started_at, $3) END
        WHERE check_name = $1 AND ended_at IS NULL AND subject <> ALL ($2)
            AND (seen_at < $3 OR seen_at > $3::timestamptz + interval '1 hour')",
        check.name,
        &subjects,
        at,
        at - calm,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// The next alert of which people are to be told; nobody else tells them until the transaction ends. Past those that are `passed_over`.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn next_notice(tx: &mut Tx, passed_over: &[Uuid]) -> Result<Option<Alert>, DataError> {
    // The index health_alerts_untold.
    let alert = sqlx::query_as!(
        Alert,
        r#"SELECT id, check_name AS "check", subject, value, threshold, details, started_at, ended_at,
            start_told_at IS NOT NULL AS "start_is_told!"
        FROM health_alerts
        WHERE (start_told_at IS NULL OR ended_at IS NOT NULL AND end_told_at IS NULL) AND id <> ALL ($1)
        ORDER BY started_at, id
        LIMIT 1
        FOR UPDATE SKIP LOCKED"#,
        passed_over,
    );
    Ok(alert.fetch_optional(&mut *tx).await?)
}

/// Notes that people were told.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn note_told(tx: &mut Tx, alert: &Alert, at: OffsetDateTime) -> Result<(), DataError> {
    let done = match alert.notice() {
        Notice::Started => {
            sqlx::query!(
                "UPDATE health_alerts SET start_told_at = $2 WHERE id = $1",
                alert.id,
                at
            )
            .execute(&mut *tx)
            .await?
        }
        Notice::Ended => {
            sqlx::query!(
                "UPDATE health_alerts SET end_told_at = $2 WHERE id = $1",
                alert.id,
                at
            )
            .execute(&mut *tx)
            .await?
        }
    };
    one(done.rows_affected())
}
