//! Seats at events, when time has passed: holds and offers that have run out go to the next in line, and events that are over are closed.
//!
//! Each event is one transaction, which waits for the event's row as everybody does who changes its seats; done twice, or by two runs at
//! once, it does nothing more. A run that dies has settled some events, and the next settles the rest.

use portal_data::{DataError, events, registrations};
use portal_domain::ids::EventId;
use time::OffsetDateTime;

use crate::handler::Run;
use crate::report::Report;

/// How many events are looked up at once.
const BATCH: i64 = 100;

/// Settles every event that wants it, each once, until the deadline.
pub(crate) async fn pass_on(
    run: &Run<'_>,
    now: OffsetDateTime,
    report: &mut Report,
) -> Result<(), DataError> {
    let mut after = None;
    while let Some(batch) = due(run, now, after).await? {
        for id in batch {
            if run.is_over() {
                return Ok(());
            }
            let mut tx = run.database.begin(run.context).await?;
            registrations::settle(&mut tx, id, &run.settings.seats, now).await?;
            tx.commit().await?;
            report.events_settled += 1;
            after = Some(id);
        }
    }
    close(run, now, report).await
}

async fn due(
    run: &Run<'_>,
    now: OffsetDateTime,
    after: Option<EventId>,
) -> Result<Option<Vec<EventId>>, DataError> {
    let mut tx = run.database.begin(run.context).await?;
    let batch = registrations::list_due(&mut tx, now, after, BATCH).await?;
    tx.commit().await?;
    Ok((!batch.is_empty()).then_some(batch))
}

/// Closes what is over: who had a seat and did not come is a no-show.
async fn close(run: &Run<'_>, now: OffsetDateTime, report: &mut Report) -> Result<(), DataError> {
    let mut after = None;
    loop {
        let mut tx = run.database.begin(run.context).await?;
        let batch = events::list_over(&mut tx, now, after, BATCH).await?;
        tx.commit().await?;
        if batch.is_empty() {
            return Ok(());
        }
        for id in batch {
            if run.is_over() {
                return Ok(());
            }
            let mut tx = run.database.begin(run.context).await?;
            let finished = events::finish(&mut tx, id, now).await?;
            tx.commit().await?;
            report.events_closed += u64::from(finished.closed);
            after = Some(id);
        }
    }
}
