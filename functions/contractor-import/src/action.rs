//! What this function can be asked to do besides importing an object that was written.

use portal_domain::ids::ImportId;
use serde::{Deserialize, Serialize};

/// An event of our own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Action {
    /// Go on with a run that stopped before its invocation's deadline.
    Continue {
        /// The run.
        import_id: ImportId,
    },
    /// Go on with whatever run was left unfinished, and take back what staff have asked for.
    Sweep,
    /// Take a completed run back.
    Undo {
        /// The run.
        import_id: ImportId,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn actions_read_back() {
        let id: ImportId = "0198a7c0-0000-7000-8000-000000000001".parse().unwrap();
        for (action, event) in [
            (
                Action::Continue { import_id: id },
                json!({ "action": "continue", "importId": id }),
            ),
            (Action::Sweep, json!({ "action": "sweep" })),
            (
                Action::Undo { import_id: id },
                json!({ "action": "undo", "importId": id }),
            ),
        ] {
            assert_eq!(serde_json::to_value(&action).unwrap(), event);
            assert_eq!(serde_json::from_value::<Action>(event).unwrap(), action);
        }
        assert!(serde_json::from_value::<Action>(json!({ "action": "undo" })).is_err());
    }
}
