//! What requests cost in processor time, by who has it.

use super::processor::spent;
use super::report::Cost;
use super::stage::Stage;
use anyhow::Result;

/// Processes whose time is counted, and what they had had at the start.
pub(super) struct Meter {
    functions: Vec<u32>,
    poolers: Vec<u32>,
    databases: Vec<u32>,
    before: Cost,
}

impl Meter {
    /// Starts to count, with the processes of functions whose names begin so.
    pub(super) fn start(stage: &Stage<'_>, functions: &str) -> Result<Self> {
        let poolers = [stage.pids("pooler")?, stage.pids("replica-pooler")?].concat();
        let databases = [stage.pids("primary")?, stage.pids("replica")?].concat();
        let mut meter = Self {
            functions: stage.pids(functions)?,
            // "replica" begins the name of its pooler too.
            databases: databases
                .into_iter()
                .filter(|pid| !poolers.contains(pid))
                .collect(),
            poolers,
            before: Cost::default(),
        };
        meter.before = meter.now()?;
        Ok(meter)
    }

    /// What each of so many requests has cost since.
    pub(super) fn cost(&self, requests: usize) -> Result<Cost> {
        let now = self.now()?;
        let count = f64::from(u32::try_from(requests)?).max(1.0);
        Ok(Cost {
            function: (now.function - self.before.function) / count,
            pooler: (now.pooler - self.before.pooler) / count,
            database: (now.database - self.before.database) / count,
        })
    }

    fn now(&self) -> Result<Cost> {
        Ok(Cost {
            function: spent(&self.functions)?,
            pooler: spent(&self.poolers)?,
            database: spent(&self.databases)?,
        })
    }
}
