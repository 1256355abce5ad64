//! What this function can be asked to do besides looking at an object that was written.

use serde::{Deserialize, Serialize};

/// An event of our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "camelCase")]
pub enum Action {
    /// Sweep, as every hour.
    Sweep,
}
