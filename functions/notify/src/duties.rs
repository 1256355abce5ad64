//! What becomes a mail without anybody asking: seats at events and enrolments in courses that have run out of time, certificates that soon
//! will, announcements whose time has come, digests whose morning has, and what is new in saved searches.
//!
//! Each duty works in batches that are committed one by one, each with how far it has come, so a run may be killed at any time and two
//! may run at once.

use portal_data::{DataError, announcements, digests};
use time::OffsetDateTime;

use crate::error::NotifyError;
use crate::handler::Run;
use crate::learning;
use crate::report::Report;
use crate::seats::Seats;

/// Members whose digests are made in one transaction.
const DIGESTS: u32 = 200;
/// Members who are written to about an announcement in one transaction.
const LETTERS: i64 = 1_000;

/// Does all that is due until the deadline; what is left, the next run does. A duty that fails does not keep the others from their work.
///
/// # Errors
/// The first that a duty met with.
pub(crate) async fn run(run: &Run<'_>, report: &mut Report) -> Result<(), NotifyError> {
    let now = OffsetDateTime::now_utc();
    let seats = Seats {
        database: run.database,
        context: run.context,
        terms: &run.settings.seats,
        deadline: &run.deadline,
        now,
    };
    // First: somebody may be waiting for a seat.
    let seated = seats.pass_on(report).await;
    let kept = learning::keep((run.database, run.context), &run.deadline, now, report).await;
    let published = publish(run, now, report).await;
    let digested = make_digests(run, now, report).await;
    // Last: it takes the longest, and nobody waits for it.
    let alerted = run.write_alerts(report).await;
    seated.map_err(|error| NotifyError::Duty("seats", error))?;
    kept.map_err(|error| NotifyError::Duty("courses", error))?;
    published.map_err(|error| NotifyError::Duty("announcements", error))?;
    digested.map_err(|error| NotifyError::Duty("digests", error))?;
    alerted.map_err(|error| NotifyError::Duty("saved searches", error))
}

async fn publish(run: &Run<'_>, now: OffsetDateTime, report: &mut Report) -> Result<(), DataError> {
    while !run.deadline.has_come() {
        let mut tx = run.database.begin(run.context).await?;
        let went_on = announcements::publish(&mut tx, now, LETTERS).await?;
        tx.commit().await?;
        if !went_on {
            return Ok(());
        }
        report.announced += 1;
    }
    Ok(())
}

async fn make_digests(run: &Run<'_>, now: OffsetDateTime, report: &mut Report) -> Result<(), DataError> {
    while !run.deadline.has_come() {
        let mut tx = run.database.begin(run.context).await?;
        let made = digests::make(&mut tx, run.sealer, now, DIGESTS).await?;
        tx.commit().await?;
        report.digests += u64::from(made);
        if made < DIGESTS {
            return Ok(());
        }
    }
    Ok(())
}
