//! The connection of the steps that work past the pooler, and their lock.

use std::time::Duration;

use portal_data::upkeep::{self, Guard, UpkeepConnection};
use portal_data::{DatabaseConfig, Secrets};
use serde_json::{Value, json};

use crate::error::MaintenanceError;
use crate::handler::Work;

/// How long a lock is waited for that everybody else would wait behind.
pub(crate) const BRIEFLY: Duration = Duration::from_secs(3);
/// How long others are waited for who do not mind: a rebuild lets everybody read and write, and waits for transactions that began before it.
pub(crate) const PATIENTLY: Duration = Duration::from_secs(900);

/// Where the primary is, for steps that go to it directly.
#[derive(Clone)]
pub struct Primary {
    /// Its address.
    pub config: DatabaseConfig,
    /// Where the role's secret is.
    pub secrets: Secrets,
}

/// A connection, and the lock that lets one run of a step work at a time.
pub(crate) struct Direct {
    lock_timeout: Duration,
    guard: Guard,
    pub(crate) connection: UpkeepConnection,
}

/// Takes the lock and connects; none when another invocation is at the step.
pub(crate) async fn open(
    work: &Work<'_>,
    step: &str,
    lock_timeout: Duration,
) -> Result<Option<Direct>, MaintenanceError> {
    let primary = work.primary.ok_or(MaintenanceError::NoPrimary)?;
    let Some(guard) = Guard::try_take(&primary.config, &primary.secrets, step).await? else {
        return Ok(None);
    };
    let connection = upkeep::connect(&primary.config, &primary.secrets, lock_timeout).await?;
    Ok(Some(Direct {
        lock_timeout,
        guard,
        connection,
    }))
}

impl Direct {
    /// Takes another connection in place of one on which something failed.
    pub(crate) async fn reconnect(&mut self, work: &Work<'_>) -> Result<(), MaintenanceError> {
        let primary = work.primary.ok_or(MaintenanceError::NoPrimary)?;
        let fresh = upkeep::connect(&primary.config, &primary.secrets, self.lock_timeout).await?;
        upkeep::close(std::mem::replace(&mut self.connection, fresh)).await;
        Ok(())
    }

    /// Lets both go.
    pub(crate) async fn close(self) {
        upkeep::close(self.connection).await;
        self.guard.release().await;
    }
}

/// What a step says that another invocation is at. Whoever looks at runs leaves out what was skipped: it has ended nothing.
pub(crate) fn busy() -> Value {
    json!({ "note": "another invocation is at this step", "skipped": true, "complete": false })
}
