//! What is done to one table.

use portal_data::upkeep::{self, UpkeepConnection};
use portal_data::{DataError, partitions};
use portal_jobs::{Clock, Deadline};

use crate::archive::Archivist;
use crate::error::PartitionsError;
use crate::handler::Partitions;
use crate::report::{Archived, TableReport};

/// A table's turn.
pub(crate) struct Turn<'a> {
    pub(crate) table: &'a str,
    pub(crate) function: &'a Partitions,
    pub(crate) archivist: Archivist<'a>,
    pub(crate) clock: Clock,
    pub(crate) deadline: Deadline,
}

impl Turn<'_> {
    /// Does what is due, and notes it as soon as it is done. A piece that fails does not stop the others: a partition that cannot go
    /// does not keep those of the periods to come from being made.
    pub(crate) async fn work(
        &self,
        connection: &mut UpkeepConnection,
        report: &mut TableReport,
    ) -> Result<(), PartitionsError> {
        let mut failures = Vec::new();
        // First, since a partition cannot be made while rows of its period are elsewhere.
        let drained = self.drain(connection, report).await;
        self.note(drained, connection, &mut failures).await?;
        let cutoff = partitions::cutoff(connection, self.table, self.clock.surely()).await?;
        let missing = partitions::missing(connection, self.table, self.clock.at, cutoff).await?;
        for (done, day) in missing.iter().enumerate() {
            if self.deadline.has_come() {
                report.left = missing.len() - done;
                break;
            }
            let made = partitions::make(connection, self.table, *day).await;
            let name = self
                .note(made.map_err(Into::into), connection, &mut failures)
                .await?;
            report.created.extend(name);
        }
        let past = partitions::past(connection, self.table, cutoff).await?;
        for (done, partition) in past.iter().enumerate() {
            if self.deadline.has_come() {
                report.left += past.len() - done;
                break;
            }
            let gone = self.archivist.put_away(connection, partition).await;
            match self.note(gone, connection, &mut failures).await? {
                Some(Some(archived)) => report.archived.push(archived),
                Some(None) => report.dropped_empty.push(partition.name.clone()),
                None => {}
            }
        }
        if failures.is_empty() {
            Ok(())
        } else {
            Err(PartitionsError::Pieces(failures))
        }
    }

    /// Notes why a piece failed, and takes another connection: whatever state it was left in, the next piece shall not inherit it. Where
    /// the table could not be had, it is given up to the next run.
    async fn note<T>(
        &self,
        outcome: Result<T, PartitionsError>,
        connection: &mut UpkeepConnection,
        failures: &mut Vec<String>,
    ) -> Result<Option<T>, PartitionsError> {
        match outcome {
            Ok(done) => Ok(Some(done)),
            Err(error) => {
                tracing::error!(table = self.table, %error, "a piece of a table's work failed, the others go on");
                // Whoever holds the table, or took the server away, holds up the next piece as well; and everybody waits behind this run.
                let is_held = matches!(error, PartitionsError::Data(DataError::Unavailable { .. }));
                failures.push(error.to_string());
                if is_held {
                    return Err(PartitionsError::Pieces(std::mem::take(failures)));
                }
                let fresh = self.function.connect().await?;
                upkeep::close(std::mem::replace(connection, fresh)).await;
                Ok(None)
            }
        }
    }

    /// Moves rows that found no partition. Where there are many, all are copied beforehand, in batches that hold nobody up, and compared.
    async fn drain(
        &self,
        connection: &mut UpkeepConnection,
        report: &mut TableReport,
    ) -> Result<(), PartitionsError> {
        let batch = self.archivist.settings.batch;
        // Also where there are no strays: what was filled from rows that are gone would hold its period up for ever.
        report.discarded = partitions::look_at_filled(connection, self.table).await?;
        let strays = partitions::strays(connection, self.table).await?;
        let rows: i64 = strays.iter().map(|stray| stray.row_count).sum();
        if rows == 0 {
            return Ok(());
        }
        if rows > i64::from(batch) {
            for stray in &strays {
                while !self.deadline.has_come() {
                    let copied = partitions::fill(connection, self.table, stray.first_day, batch).await?;
                    if copied < i64::from(batch) {
                        break;
                    }
                }
            }
            let differing = partitions::look_at_filled(connection, self.table).await?;
            report.discarded.extend(differing);
        }
        // What is not copied by the deadline is left as it is: the next run goes on, and changes over when all is there.
        if !self.deadline.has_come() {
            report.drained = partitions::drain(connection, self.table).await?;
        }
        Ok(())
    }

    /// Says what would be done, and does nothing.
    pub(crate) async fn foresee(
        &self,
        connection: &mut UpkeepConnection,
        report: &mut TableReport,
    ) -> Result<(), PartitionsError> {
        let strays = partitions::strays(connection, self.table).await?;
        report.drained = strays.iter().map(|stray| stray.row_count).sum();
        let cutoff = partitions::cutoff(connection, self.table, self.clock.surely()).await?;
        let missing = partitions::missing(connection, self.table, self.clock.at, cutoff).await?;
        report.created = missing
            .iter()
            .map(|day| format!("{} from {day}", self.table))
            .collect();
        let past = partitions::past(connection, self.table, cutoff).await?;
        report.archived = past
            .into_iter()
            .map(|partition| Archived {
                partition: partition.name,
                rows: partition.estimated_rows,
                object_key: None,
            })
            .collect();
        Ok(())
    }
}
