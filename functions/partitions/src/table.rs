//! What is done to one table.

use portal_data::partitions;
use portal_data::upkeep::UpkeepConnection;
use portal_jobs::{Clock, Deadline};

use crate::archive::Archivist;
use crate::error::PartitionsError;
use crate::report::{Archived, TableReport};

/// A table's turn.
pub(crate) struct Turn<'a> {
    pub(crate) table: &'a str,
    pub(crate) archivist: Archivist<'a>,
    pub(crate) clock: Clock,
    pub(crate) deadline: Deadline,
}

impl Turn<'_> {
    /// Does what is due, and notes it as soon as it is done.
    pub(crate) async fn work(
        &self,
        connection: &mut UpkeepConnection,
        report: &mut TableReport,
    ) -> Result<(), PartitionsError> {
        // First, since a partition cannot be made while rows of its period are elsewhere.
        self.drain(connection, report).await?;
        let cutoff = partitions::cutoff(connection, self.table, self.clock.surely()).await?;
        for day in partitions::missing(connection, self.table, self.clock.at, cutoff).await? {
            report
                .created
                .push(partitions::make(connection, self.table, day).await?);
        }
        let past = partitions::past(connection, self.table, cutoff).await?;
        for (done, partition) in past.iter().enumerate() {
            if self.deadline.has_come() {
                report.left = past.len() - done;
                return Ok(());
            }
            match self.archivist.put_away(connection, partition).await? {
                Some(archived) => report.archived.push(archived),
                None => report.dropped_empty.push(partition.name.clone()),
            }
        }
        Ok(())
    }

    /// Moves rows that found no partition. Many are copied beforehand, in batches that hold nobody up.
    async fn drain(
        &self,
        connection: &mut UpkeepConnection,
        report: &mut TableReport,
    ) -> Result<(), PartitionsError> {
        let batch = self.archivist.settings.batch;
        let strays = partitions::strays(connection, self.table).await?;
        if strays.is_empty() {
            return Ok(());
        }
        for stray in strays.iter().filter(|stray| stray.row_count > i64::from(batch)) {
            while !self.deadline.has_come() {
                let copied = partitions::fill(connection, self.table, stray.first_day, batch).await?;
                if copied < i64::from(batch) {
                    break;
                }
            }
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
