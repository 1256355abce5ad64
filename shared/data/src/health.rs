//! How the database and its jobs are: checks, each a file with its statement, its limit and what it means; their history in
//! `system_metrics`; and the alerts that come of them.

mod alerts;
mod checks;
mod report;
mod series;

use serde_json::{Value, json};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::metrics::Unit;
use crate::{DataError, Tx, backups};

pub use alerts::{Alert, Finding, Notice, next_notice, note, note_told};
pub use checks::CHECKS;
pub use report::{open_alerts, report};
pub use series::{history_of, metric_names, series};

/// Something that is looked at every few minutes.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Its name: of its alerts, its history, and its section in `docs/operations.md`.
    pub name: &'static str,
    /// What CloudWatch calls the worst value.
    pub metric: &'static str,
    /// The unit of its values.
    pub unit: Unit,
    /// From where on something is wrong.
    pub limit: Limit,
    /// A query of (`subject`, `value`, `details`) that may read (`at`, `disk_bytes`, `backup_hours`) of `clock`.
    pub sql: &'static str,
    /// What it means when the limit is passed.
    pub meaning: &'static str,
}

/// From where on a value is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// Above this.
    Above(f64),
    /// Below this.
    Below(f64),
    /// Nowhere: it is history.
    Never,
}

impl Limit {
    /// The limit, where there is one.
    #[must_use]
    pub const fn threshold(self) -> Option<f64> {
        match self {
            Self::Above(threshold) | Self::Below(threshold) => Some(threshold),
            Self::Never => None,
        }
    }

    /// Whether a value is wrong.
    #[must_use]
    pub fn is_passed(self, value: f64) -> bool {
        match self {
            Self::Above(threshold) => value > threshold,
            Self::Below(threshold) => value < threshold,
            Self::Never => false,
        }
    }

    /// Of several values the one that is nearest to the limit, or farthest beyond.
    #[must_use]
    pub fn worst(self, values: impl Iterator<Item = f64>) -> Option<f64> {
        match self {
            Self::Below(_) => values.reduce(f64::min),
            Self::Above(_) | Self::Never => values.reduce(f64::max),
        }
    }
}

/// What a deployment says of itself, by which checks measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Given {
    /// How large the server's disk is, where somebody has said so.
    pub disk_bytes: Option<i64>,
    /// How old the newest proven backup may be, in hours.
    pub backup_hours: f64,
}

impl Given {
    /// From where on a check's value is wrong.
    #[must_use]
    pub fn limit(&self, check: &Check) -> Limit {
        if check.name == backups::CHECK {
            Limit::Above(self.backup_hours)
        } else {
            check.limit
        }
    }
}

/// What a check found of one subject.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Measurement {
    /// Which of several things; empty where there is one.
    pub subject: String,
    /// The value, in the check's unit.
    pub value: f64,
    /// What else helps.
    pub details: Value,
}

/// Makes the check at an instant.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn measure(
    tx: &mut Tx,
    check: &Check,
    at: OffsetDateTime,
    given: &Given,
) -> Result<Vec<Measurement>, DataError> {
    // Not checked at compile time, so that a check is one constant: the tests run every one of them as the function's role.
    let statement = format!(
        "WITH clock AS (SELECT $1::timestamptz AS at, $2::bigint AS disk_bytes, $3::float8 AS backup_hours)
        SELECT subject::text, value::float8, details::jsonb FROM ({}) AS measured",
        check.sql
    );
    let measured = sqlx::query_as(&statement)
        .bind(at)
        .bind(given.disk_bytes)
        .bind(given.backup_hours);
    Ok(measured.fetch_all(&mut *tx).await?)
}

/// Adds measurements to the history.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn record(
    tx: &mut Tx,
    check: &Check,
    measurements: &[Measurement],
    at: OffsetDateTime,
) -> Result<(), DataError> {
    let ids: Vec<_> = measurements.iter().map(|_| Uuid::now_v7()).collect();
    let values: Vec<_> = measurements.iter().map(|one| one.value).collect();
    let metadata: Vec<_> = measurements
        .iter()
        .map(|one| {
            let mut details = one.details.clone();
            if let Some(members) = details.as_object_mut() {
                members.insert("subject".to_owned(), json!(one.subject));
            }
            details
        })
        .collect();
    sqlx::query!(
        "INSERT INTO system_metrics (id, metric, value, metadata, recorded_at)
        SELECT id, $1, value, metadata, $2
        FROM unnest($3::uuid[], $4::float8[], $5::jsonb[]) AS u (id, value, metadata)",
        format!("health.{}", check.name),
        at,
        &ids,
        &values,
        &metadata,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_limit_is_passed_on_its_own_side_alone() {
        assert!(Limit::Above(80.0).is_passed(80.1));
        assert!(!Limit::Above(80.0).is_passed(80.0));
        assert!(Limit::Below(90.0).is_passed(89.9));
        assert!(!Limit::Below(90.0).is_passed(90.0));
        assert!(!Limit::Never.is_passed(f64::INFINITY));
        assert!(!Limit::Above(1.0).is_passed(f64::NAN));
    }

    #[test]
    fn the_worst_is_what_the_limit_says() {
        let values = [3.0, 1.0, 2.0];
        assert_eq!(Limit::Above(0.0).worst(values.into_iter()), Some(3.0));
        assert_eq!(Limit::Below(0.0).worst(values.into_iter()), Some(1.0));
        assert_eq!(Limit::Never.worst(std::iter::empty()), None);
    }

    #[test]
    fn how_old_a_backup_may_be_is_given() {
        let given = Given {
            disk_bytes: None,
            backup_hours: 192.0,
        };
        for check in CHECKS {
            let expected = match check.name {
                "backup-age" => Limit::Above(192.0),
                _ => check.limit,
            };
            assert_eq!(given.limit(check), expected, "{}", check.name);
        }
    }

    #[test]
    fn checks_are_told_apart_by_name_and_by_metric() {
        let names: BTreeSet<_> = CHECKS.iter().map(|check| check.name).collect();
        let metrics: BTreeSet<_> = CHECKS.iter().map(|check| check.metric).collect();
        assert_eq!((names.len(), metrics.len()), (CHECKS.len(), CHECKS.len()));
        for check in CHECKS {
            assert!(
                check
                    .name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
            );
            assert!(check.meaning.ends_with('.'), "{}", check.name);
        }
    }
}
