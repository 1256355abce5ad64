//! The step `audit-verify`: computes the chain of the audit again from its rows, and compares it with what stands in S3 and in
//! `audit_seals`.
//!
//! Where a day has an object, that is the truth: Object Lock keeps it from everybody. Found are: a row that was changed, deleted or
//! added; a day that was dropped; a seal that was changed or dropped; a chain that was rewritten as a whole.

use std::collections::BTreeMap;

use portal_data::audit::{self, DayDigest, Digest, Seal};
use portal_data::metrics::{Metrics, Unit};
use portal_data::{Tx, job_runs};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::Date;

use crate::audit_seal::LOCK;
use crate::error::MaintenanceError;
use crate::handler::Work;
use crate::seal_object::SealObjects;
use crate::step::iso_date;

/// Something that is not as it was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The UTC day.
    #[serde(with = "iso_date")]
    pub day: Date,
    /// What is wrong.
    pub problem: Problem,
    /// What was sealed.
    pub expected: String,
    /// What is there.
    pub found: String,
}

/// What can be wrong with a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Problem {
    /// Its rows do not give the digest that was sealed.
    Rows,
    /// The record in `audit_seals` is not the object in S3.
    Record,
    /// The record is gone while the object is there.
    RecordMissing,
    /// The object is gone while the record is there.
    ObjectMissing,
    /// The object is not one that sealing writes.
    Object,
    /// Both are gone, while days before and after it are sealed.
    DayMissing,
    /// The digest of the day before, as this day holds it, is not that day's.
    Chain,
    /// There are rows of days before the first that was sealed.
    RowsBefore,
}

/// What is known of a sealed day.
#[derive(Default)]
struct Known {
    record: Option<Seal>,
    object: Option<Result<Seal, String>>,
}

impl Known {
    /// The seal that counts.
    fn truth(&self) -> Option<&Seal> {
        match &self.object {
            Some(Ok(seal)) => Some(seal),
            _ => self.record.as_ref(),
        }
    }
}

/// Compares all days, or those of a range.
pub(crate) async fn run(
    work: &Work<'_>,
    from: Option<Date>,
    to: Option<Date>,
) -> Result<Value, MaintenanceError> {
    let mut tx = work.begin().await?;
    // A day between its object and its record would look tampered with.
    if !job_runs::try_lock(&mut tx, LOCK).await? {
        return Err(MaintenanceError::Busy);
    }
    let known = gather(work, &mut tx).await?;
    let mut findings = Vec::new();
    let (mut days, mut rows) = (0_u64, 0_i64);
    let sealed = known
        .keys()
        .next()
        .copied()
        .zip(known.keys().next_back().copied());
    if let Some((first, last)) = sealed {
        if from.is_none_or(|from| from <= first) {
            findings.extend(look_before(&mut tx, first).await?);
        }
        let mut day = from.unwrap_or(first).max(first);
        let until = to.unwrap_or(last).min(last);
        while day <= until {
            days += 1;
            rows += look_at(&mut tx, &known, day, &mut findings).await?;
            let Some(next) = day.next_day() else { break };
            day = next;
        }
    }
    // Dropped, the lock would last until the server notices.
    tx.rollback().await?;
    Metrics::new()
        .dimension("Job", "audit-verify")
        .metric("DaysVerified", Unit::Count, days)
        .metric(
            "Findings",
            Unit::Count,
            u64::try_from(findings.len()).unwrap_or(u64::MAX),
        )
        .emit(work.now);
    let last = sealed.map(|(_, last)| last.to_string());
    Ok(json!({ "days": days, "rows": rows, "sealedUntil": last, "findings": findings }))
}

/// Every day that has a record or an object.
async fn gather(work: &Work<'_>, tx: &mut Tx) -> Result<BTreeMap<Date, Known>, MaintenanceError> {
    let objects = SealObjects {
        store: work.store,
        settings: work.settings,
    };
    let mut known: BTreeMap<Date, Known> = BTreeMap::new();
    for seal in audit::list(tx).await? {
        let day = seal.day;
        known.entry(day).or_default().record = Some(seal);
    }
    for (day, key) in objects.days().await? {
        let read = match objects.read(&key).await {
            Ok(seal) => Ok(seal),
            Err(error @ MaintenanceError::NoSeal { .. }) => Err(error.to_string()),
            Err(error) => return Err(error),
        };
        known.entry(day).or_default().object = Some(read);
    }
    Ok(known)
}

/// Sealing began with the earliest row there was, so anything before it came later.
async fn look_before(tx: &mut Tx, first: Date) -> Result<Option<Finding>, MaintenanceError> {
    let earliest = audit::earliest_row(tx)
        .await?
        .map(|at| at.to_offset(time::UtcOffset::UTC).date());
    Ok(earliest.filter(|day| *day < first).map(|day| Finding {
        day,
        problem: Problem::RowsBefore,
        expected: format!("no row before {first}"),
        found: format!("a row of {day}"),
    }))
}

/// Looks at one day; how many rows it has.
async fn look_at(
    tx: &mut Tx,
    known: &BTreeMap<Date, Known>,
    day: Date,
    findings: &mut Vec<Finding>,
) -> Result<i64, MaintenanceError> {
    let missing = Known::default();
    let here = known.get(&day).unwrap_or(&missing);
    compare_copies(day, here, findings);
    let before = day
        .previous_day()
        .and_then(|before| known.get(&before))
        .and_then(Known::truth);
    let Some(truth) = here.truth() else {
        return Ok(0);
    };
    // A day that is missing as a whole is a finding of its own; the chain says so once more on the day behind it.
    let is_first = known.keys().next() == Some(&day);
    let expected = before.map(|before| before.digest);
    if truth.previous != expected {
        findings.push(Finding {
            day,
            problem: Problem::Chain,
            expected: shown(expected, is_first),
            found: shown(truth.previous, false),
        });
    }
    let counted = audit::digest_day(tx, day, truth.previous).await?;
    let sealed = DayDigest {
        digest: truth.digest,
        row_count: truth.row_count,
    };
    if counted != sealed && !is_archived(tx, day, counted).await? {
        findings.push(Finding {
            day,
            problem: Problem::Rows,
            expected: said(&sealed),
            found: said(&counted),
        });
    }
    Ok(counted.row_count)
}

/// Record and object must both be there, and say the same.
fn compare_copies(day: Date, here: &Known, findings: &mut Vec<Finding>) {
    let mut find = |problem, expected: String, found: String| {
        findings.push(Finding {
            day,
            problem,
            expected,
            found,
        });
    };
    match (&here.record, &here.object) {
        (Some(record), Some(Ok(object))) if record != object => {
            find(Problem::Record, described(object), described(record));
        }
        (Some(_), Some(Ok(_))) => {}
        (_, Some(Err(reason))) => find(Problem::Object, "a seal".to_owned(), reason.clone()),
        (None, Some(Ok(object))) => find(
            Problem::RecordMissing,
            described(object),
            "nothing in audit_seals".to_owned(),
        ),
        (Some(record), None) => find(
            Problem::ObjectMissing,
            described(record),
            "nothing in S3".to_owned(),
        ),
        (None, None) => find(Problem::DayMissing, "a seal".to_owned(), "nothing".to_owned()),
    }
}

/// Whether a day's rows are gone because their partitions were dropped after the retention, and for no other reason.
async fn is_archived(tx: &mut Tx, day: Date, counted: DayDigest) -> Result<bool, MaintenanceError> {
    Ok(counted.row_count == 0 && audit::is_past_retention(tx, day).await?)
}

fn shown(digest: Option<Digest>, is_first: bool) -> String {
    match digest {
        Some(digest) => digest.to_string(),
        None if is_first => "none: it is the first day".to_owned(),
        None => "none".to_owned(),
    }
}

fn said(day: &DayDigest) -> String {
    format!("{} over {} rows", day.digest, day.row_count)
}

fn described(seal: &Seal) -> String {
    let previous = seal
        .previous
        .map_or_else(|| "none".to_owned(), |digest| digest.to_string());
    format!(
        "{} over {} rows after {previous}, sealed at {} as {}",
        seal.digest, seal.row_count, seal.sealed_at, seal.object_key
    )
}
