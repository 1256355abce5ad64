//! The life of an import.

use std::fmt;
use std::str::FromStr;

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportState {
    /// Waits for its turn.
    Queued,
    /// The file is being read into staging; a killed run goes on from its checkpoint.
    Loading,
    /// The file is read whole; what differs is being written in one transaction.
    Merging,
    /// Done.
    Completed,
    /// The file cannot be imported; nothing was changed.
    Failed,
    /// Was done, and has been taken back.
    Undone,
}

/// The text names no state of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the state of an import is QUEUED, LOADING, MERGING, COMPLETED, FAILED or UNDONE")]
pub struct UnknownImportState;

impl ImportState {
    const ALL: [Self; 6] = [
        Self::Queued,
        Self::Loading,
        Self::Merging,
        Self::Completed,
        Self::Failed,
        Self::Undone,
    ];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Loading => "LOADING",
            Self::Merging => "MERGING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Undone => "UNDONE",
        }
    }

    /// Whether there is still something to do.
    #[must_use]
    pub const fn is_unfinished(self) -> bool {
        matches!(self, Self::Queued | Self::Loading | Self::Merging)
    }
}

impl FromStr for ImportState {
    type Err = UnknownImportState;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(UnknownImportState)
    }
}

impl fmt::Display for ImportState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_read_back() {
        for state in ImportState::ALL {
            assert_eq!(state.as_str().parse::<ImportState>(), Ok(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        assert_eq!("DONE".parse::<ImportState>(), Err(UnknownImportState));
    }
}
