//! The connection of the steps that work past the pooler, and their lock.

use portal_data::upkeep::{self, Guard, UpkeepConnection};
use portal_data::{DataError, DatabaseConfig, Secrets};
use serde_json::{Value, json};

use crate::error::MaintenanceError;
use crate::handler::Work;

/// How long a lock is waited for; everybody who wants the table waits behind us meanwhile.
const LOCK_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(3);

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
    pub(crate) guard: Guard,
    pub(crate) connection: UpkeepConnection,
}

/// Takes the lock and connects; none when another invocation is at the step.
pub(crate) async fn open(work: &Work<'_>, step: &str) -> Result<Option<Direct>, MaintenanceError> {
    let primary = work.primary.ok_or(MaintenanceError::NoPrimary)?;
    let Some(guard) = Guard::try_take(&primary.config, &primary.secrets, step).await? else {
        return Ok(None);
    };
    let connection = upkeep::connect(&primary.config, &primary.secrets, LOCK_TIMEOUT).await?;
    Ok(Some(Direct { guard, connection }))
}

/// Another connection in place of one on which something failed.
pub(crate) async fn again(
    work: &Work<'_>,
    old: UpkeepConnection,
) -> Result<UpkeepConnection, MaintenanceError> {
    upkeep::close(old).await;
    let primary = work.primary.ok_or(MaintenanceError::NoPrimary)?;
    let connection: Result<_, DataError> =
        upkeep::connect(&primary.config, &primary.secrets, LOCK_TIMEOUT).await;
    Ok(connection?)
}

/// Lets both go.
pub(crate) async fn close(guard: Guard, connection: UpkeepConnection) {
    upkeep::close(connection).await;
    guard.release().await;
}

/// What a step says that another invocation is at.
pub(crate) fn busy() -> Value {
    json!({ "note": "another invocation is at this step", "complete": false })
}
