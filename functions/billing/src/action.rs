//! What this function can be asked to do besides what its schedule asks for.

use serde::{Deserialize, Serialize};

/// An event of our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "camelCase")]
pub enum Action {
    /// Do what is done every night.
    Run,
}
