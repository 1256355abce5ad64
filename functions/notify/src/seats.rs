//! Seats at events, when time has passed: holds and offers that have run out go to the next in line, events that are over are closed, and
//! who has a seat is reminded a day before.
//!
//! Each event is one transaction, which waits for the event's row as everybody does who changes its seats; done twice, or by two runs at
//! once, it does nothing more. A run that dies has settled some events, and the next settles the rest.

use portal_data::{DataError, Database, RequestContext, events, registrations};
use portal_domain::event::SeatTerms;
use portal_domain::ids::EventId;
use portal_jobs::Deadline;
use time::{Duration, OffsetDateTime};

use crate::report::Report;

/// How many events are looked up at once.
const BATCH: i64 = 100;

/// How long before an event those with a seat are reminded.
const REMINDED: Duration = Duration::DAY;

/// What seats are passed on with.
pub(crate) struct Seats<'a> {
    pub(crate) database: &'a Database,
    pub(crate) context: &'a RequestContext,
    pub(crate) terms: &'a SeatTerms,
    pub(crate) deadline: &'a Deadline,
    pub(crate) now: OffsetDateTime,
}

impl Seats<'_> {
    /// Settles every event that wants it, each once, closes those that are over, and reminds of those that begin soon, until the
    /// deadline.
    ///
    /// # Errors
    /// [`DataError`] when the database cannot be reached. What is wrong with one event keeps no other waiting.
    pub(crate) async fn pass_on(&self, report: &mut Report) -> Result<(), DataError> {
        let mut after = None;
        loop {
            let batch = self.due(after).await?;
            let Some(last) = batch.last() else { break };
            after = Some(*last);
            for id in batch {
                if self.deadline.has_come() {
                    return Ok(());
                }
                let settled = self.settle(id).await.map(|()| true);
                let settled = done(id, settled, report)?;
                report.events_settled += u64::from(settled);
            }
        }
        self.close(report).await?;
        self.remind(report).await
    }

    /// Closes what is over: who had a seat and did not come is a no-show.
    async fn close(&self, report: &mut Report) -> Result<(), DataError> {
        let mut after = None;
        loop {
            let batch = self.over(after).await?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = Some(*last);
            for id in batch {
                if self.deadline.has_come() {
                    return Ok(());
                }
                let closed = self.finish(id).await;
                let closed = done(id, closed, report)?;
                report.events_closed += u64::from(closed);
            }
        }
    }

    /// Writes to those with a seat at what begins soon; at an event that was moved, anew.
    async fn remind(&self, report: &mut Report) -> Result<(), DataError> {
        let mut after = None;
        loop {
            let batch = self.soon(after).await?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = Some(*last);
            for id in batch {
                if self.deadline.has_come() {
                    return Ok(());
                }
                let mut told = 0;
                let written = self.tell(id).await.map(|members| {
                    told = members;
                    true
                });
                done(id, written, report)?;
                report.members_reminded += told;
            }
        }
    }

    async fn soon(&self, after: Option<EventId>) -> Result<Vec<EventId>, DataError> {
        let mut tx = self.database.begin(self.context).await?;
        let batch = events::list_soon(&mut tx, (self.now, self.now + REMINDED), after, BATCH).await?;
        tx.commit().await?;
        Ok(batch)
    }

    async fn tell(&self, id: EventId) -> Result<u64, DataError> {
        let mut tx = self.database.begin(self.context).await?;
        let told = events::remind(&mut tx, id, (self.now, self.now + REMINDED)).await?;
        tx.commit().await?;
        Ok(told)
    }

    async fn due(&self, after: Option<EventId>) -> Result<Vec<EventId>, DataError> {
        let mut tx = self.database.begin(self.context).await?;
        let batch = registrations::list_due(&mut tx, self.now, after, BATCH).await?;
        tx.commit().await?;
        Ok(batch)
    }

    async fn over(&self, after: Option<EventId>) -> Result<Vec<EventId>, DataError> {
        let mut tx = self.database.begin(self.context).await?;
        let batch = events::list_over(&mut tx, self.now, after, BATCH).await?;
        tx.commit().await?;
        Ok(batch)
    }

    async fn settle(&self, id: EventId) -> Result<(), DataError> {
        let mut tx = self.database.begin(self.context).await?;
        registrations::settle(&mut tx, id, self.terms, self.now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether the event was closed now, and not by another run.
    async fn finish(&self, id: EventId) -> Result<bool, DataError> {
        let mut tx = self.database.begin(self.context).await?;
        let finished = events::finish(&mut tx, id, self.now).await?;
        tx.commit().await?;
        Ok(finished.closed)
    }
}

/// Whether something was done to an event. A failure that is the event's own is noted, and the next run tries again.
fn done(id: EventId, outcome: Result<bool, DataError>, report: &mut Report) -> Result<bool, DataError> {
    match outcome {
        Err(error @ DataError::Unavailable { .. }) => Err(error),
        Err(error) => {
            tracing::error!(event = %id, %error, "an event's seats could not be settled");
            report.events_failed += 1;
            Ok(false)
        }
        done => done,
    }
}
