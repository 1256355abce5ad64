//! The step `audit-seal`: one digest for each closed day of the audit, chained to the day before, in S3 and in `audit_seals`.
//!
//! A row is dated by the beginning of its transaction, so a day can still grow after it is over. It is sealed once no transaction is
//! open that began before its end, and not before a time of grace: that covers what the server's list of transactions cannot
//! show, a transaction between reading the clock and being listed, and clocks that differ a little.
//!
//! The object is written before the row, and never over another. An invocation that dies between the two leaves an object whose
//! digest the next one finds again in the rows, and then records; one that it does not find is tampering, and stops the step.

use portal_data::audit::{self, Seal};
use portal_data::job_runs;
use portal_data::metrics::{Metrics, Unit};
use serde::Serialize;
use serde_json::{Value, json};
use time::{Date, OffsetDateTime};

use crate::error::MaintenanceError;
use crate::handler::Work;
use crate::seal_object::SealObjects;

/// The lock of sealing and of looking at the seals.
pub(crate) const LOCK: &str = "audit-seal";

/// What became of one attempt to seal the next day.
enum Attempt {
    Sealed(Sealed),
    /// Another invocation seals.
    Busy,
    /// Nothing more can be sealed now, with the reason where there is one.
    Over(Option<String>),
}

/// A day that was sealed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Sealed {
    #[serde(with = "crate::step::iso_date")]
    day: Date,
    row_count: i64,
    digest: String,
}

/// Seals day after day until none is left that is closed, each in a transaction of its own.
pub(crate) async fn run(work: &Work<'_>) -> Result<Value, MaintenanceError> {
    let mut sealed = Vec::new();
    let mut is_busy = false;
    let note = loop {
        if work.deadline.has_come() {
            break Some("the deadline has come: the next run seals the rest".to_owned());
        }
        match seal_next(work).await? {
            Attempt::Sealed(day) => sealed.push(day),
            Attempt::Busy => {
                is_busy = true;
                break Some("another invocation is at the seals".to_owned());
            }
            Attempt::Over(reason) => break reason,
        }
    };
    let rows: i64 = sealed.iter().map(|day| day.row_count).sum();
    Metrics::new()
        .dimension("Job", LOCK)
        .metric(
            "DaysSealed",
            Unit::Count,
            u64::try_from(sealed.len()).unwrap_or(u64::MAX),
        )
        .metric("RowsSealed", Unit::Count, u64::try_from(rows).unwrap_or_default())
        .emit(work.now);
    let skipped = is_busy && sealed.is_empty();
    Ok(json!({ "sealed": sealed, "note": note, "skipped": skipped }))
}

async fn seal_next(work: &Work<'_>) -> Result<Attempt, MaintenanceError> {
    let mut tx = work.begin().await?;
    if !job_runs::try_lock(&mut tx, LOCK).await? {
        tx.rollback().await?;
        return Ok(Attempt::Busy);
    }
    let last = audit::last(&mut tx).await?;
    let day = match &last {
        Some(last) => last.day.next_day(),
        None => audit::earliest_row(&mut tx)
            .await?
            .map(|at| at.to_offset(time::UtcOffset::UTC).date()),
    };
    let Some(day) = day else {
        tx.rollback().await?;
        return Ok(Attempt::Over(None));
    };
    let ends = day.midnight().assume_utc() + time::Duration::DAY;
    if work.now < ends + work.settings.grace {
        tx.rollback().await?;
        return Ok(Attempt::Over(None));
    }
    if let Some(open) = audit::find_transaction_before(&mut tx, ends).await? {
        let reason = format!(
            "{day} is not sealed yet: a transaction of {:?} (process {:?}) has been open since {}, and may still log into that day",
            open.application, open.pid, open.began_at
        );
        tracing::warn!(reason, "the audit cannot be sealed");
        tx.rollback().await?;
        return Ok(Attempt::Over(Some(reason)));
    }
    let previous = last.map(|last| last.digest);
    let counted = audit::digest_day(&mut tx, day, previous).await?;
    let objects = SealObjects {
        store: work.store,
        settings: work.settings,
    };
    let seal = Seal {
        day,
        row_count: counted.row_count,
        digest: counted.digest,
        previous,
        object_key: objects.key(day),
        sealed_at: microseconds(work.now),
    };
    let seal = put(&objects, seal).await?;
    audit::add(&mut tx, &seal).await?;
    tx.commit().await?;
    tracing::info!(%day, rows = seal.row_count, digest = %seal.digest, "sealed a day of the audit");
    Ok(Attempt::Sealed(Sealed {
        day,
        row_count: seal.row_count,
        digest: seal.digest.to_string(),
    }))
}

/// Writes the object, or finds that an invocation that died has written the same.
async fn put(objects: &SealObjects<'_>, seal: Seal) -> Result<Seal, MaintenanceError> {
    if objects.create(&seal).await? {
        return Ok(seal);
    }
    let there = objects.read(&seal.object_key).await?;
    if (there.digest, there.row_count, there.previous) == (seal.digest, seal.row_count, seal.previous) {
        return Ok(there);
    }
    let said = |seal: &Seal| format!("{} over {} rows", seal.digest, seal.row_count);
    Err(MaintenanceError::SealDiffers {
        day: seal.day,
        expected: said(&there),
        found: said(&seal),
    })
}

/// As fine as PostgreSQL keeps a time, so that object and row say the same.
fn microseconds(at: OffsetDateTime) -> OffsetDateTime {
    at.replace_microsecond(at.microsecond()).unwrap_or(at)
}
