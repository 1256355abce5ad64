//! The step `reencrypt`: after a data key was rotated, seals everything anew that an older key sealed, while requests go on.
//!
//! Each batch is committed, and what is done is under the current key, so a run that is cut short is simply run again, and two at
//! once do no harm. A value is replaced only if nobody has changed it since it was read.

use std::time::{Duration, Instant};

use portal_data::resealing::{self, Place, Position, SealedValue};
use portal_data::sealing::{CurrentKey, KEYS_STAY, Sealer, SealingError};
use portal_data::{DataError, Database, RequestContext, Tx};
use portal_domain::Caller;
use portal_jobs::Deadline;
use serde::Serialize;
use uuid::Uuid;

/// Until all functions seal with the current key: they hold their keys for as long, and a request may still be on its way to the
/// database for up to 30 seconds.
pub const SETTLING: Duration = Duration::from_secs(KEYS_STAY.as_secs() + 30);

/// Values in a batch: a fraction of a second, so that no request waits for its row.
const BATCH: i64 = 200;

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The key that everything is to be under.
    pub key_id: String,
    /// Values that this run has sealed anew.
    pub resealed: u64,
    /// Values that somebody else changed or deleted between reading and writing.
    pub overtaken: u64,
    /// Values that no key opens, by what they were sealed for; the log says why.
    pub unreadable: Vec<String>,
    /// Whether everything that can be opened is under the key, and stays so. If not, run the step again.
    pub complete: bool,
}

/// What a run works with.
pub struct Reencryption<'a> {
    /// The database, by a role that sees every row.
    pub database: &'a Database,
    /// The keys.
    pub sealer: &'a Sealer,
    /// The run, by which the audit names it.
    pub run_id: Uuid,
    /// From when no batch is begun.
    pub deadline: Deadline,
    /// How long after a rotation somebody may still seal with an older key: [`SETTLING`].
    pub settling: Duration,
}

impl Reencryption<'_> {
    /// Goes through every place until nothing is left that an older key sealed.
    ///
    /// # Errors
    /// [`DataError`] when the keys or the database are away; what was committed stays.
    pub async fn run(&self) -> Result<Report, DataError> {
        let mut report = Report::default();
        let mut since = Instant::now();
        loop {
            let key = self.sealer.current_key().await?;
            if key.id != report.key_id {
                // Rotated, or rotated once more while this run was at work.
                report.key_id.clone_from(&key.id);
                since = Instant::now();
            }
            let found = self.pass(&key, &mut report).await?;
            if self.deadline.has_come() {
                return Ok(report);
            }
            if !found {
                report.complete = report.unreadable.is_empty();
                return Ok(report);
            }
            // Something was under an older key, so the rotation may be recent, and others may not know of it yet.
            self.wait(since + self.settling).await;
        }
    }

    /// Goes through every place once; whether anything was there to be done.
    async fn pass(&self, key: &CurrentKey, report: &mut Report) -> Result<bool, DataError> {
        report.unreadable.clear();
        let mut found = false;
        for place in Place::ALL {
            let mut position = Position::start();
            while !self.deadline.has_come() {
                let Some(last) = self.batch(place, key, &position, report).await? else {
                    break;
                };
                found |= last.readable;
                position = last.position;
            }
        }
        Ok(found)
    }

    /// Seals the next values of a place anew, and commits. `None` when there are none.
    async fn batch(
        &self,
        place: Place,
        key: &CurrentKey,
        after: &Position,
        report: &mut Report,
    ) -> Result<Option<Done>, DataError> {
        let mut tx = self.begin().await?;
        let values = resealing::values(&mut tx, place, key, after, BATCH).await?;
        let Some(last) = values.last() else {
            tx.rollback().await?;
            return Ok(None);
        };
        let position = last.position.clone();
        let mut sealed = Vec::with_capacity(values.len());
        for value in values {
            let context = value.context(place);
            match self.reseal(&context, value).await {
                Ok(pair) => sealed.push(pair),
                Err(SealingError::Keys(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::error!(%error, context, "a stored value cannot be opened and is left as it is");
                    report.unreadable.push(context);
                }
            }
        }
        let replaced = resealing::replace(&mut tx, place, &sealed).await?;
        tx.commit().await?;
        let readable = u64::try_from(sealed.len()).unwrap_or(u64::MAX);
        report.resealed += replaced;
        report.overtaken += readable.saturating_sub(replaced);
        Ok(Some(Done {
            position,
            readable: readable > 0,
        }))
    }

    async fn reseal(
        &self,
        context: &str,
        value: SealedValue,
    ) -> Result<(SealedValue, Vec<u8>), SealingError> {
        let plain = self.sealer.open(context, &value.sealed).await?;
        let sealed = self.sealer.seal(context, &plain).await?;
        Ok((value, sealed))
    }

    async fn begin(&self) -> Result<Tx, DataError> {
        let context = RequestContext::new(self.run_id, Caller::Anonymous);
        let mut tx = self.database.begin(&context).await?;
        resealing::begin(&mut tx).await?;
        Ok(tx)
    }

    /// Waits, in steps short enough to see the deadline.
    async fn wait(&self, until: Instant) {
        while !self.deadline.has_come() && Instant::now() < until {
            let left = until.saturating_duration_since(Instant::now());
            tokio::time::sleep(left.min(Duration::from_secs(1))).await;
        }
    }
}

/// How far a batch got.
struct Done {
    position: Position,
    readable: bool,
}
