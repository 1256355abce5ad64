//! What this function can be asked to do.

use std::str::FromStr;

use portal_jobs::TriggerError;
use serde::Deserialize;
use serde_json::Value;

/// An action, by the name that stands in an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Dump the database, and delete what is past its time.
    #[default]
    Backup,
    /// Restore the newest backup and look whether it is whole.
    Drill,
}

/// An event's detail.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Detail {
    #[serde(default, alias = "step")]
    action: Action,
}

impl Action {
    /// Reads the action of an event of EventBridge, or of the bare detail that a rule with a constant input sends:
    /// `{"action": "drill"}`, or nothing for a backup.
    ///
    /// # Errors
    /// [`TriggerError::Unknown`], with what is wrong.
    pub fn from_event(event: &Value) -> Result<Self, TriggerError> {
        let detail = event.get("detail").unwrap_or(event);
        Detail::deserialize(detail)
            .map(|detail| detail.action)
            .map_err(|error| TriggerError::Unknown(error.to_string()))
    }

    /// The name by which its runs are recorded, and of their lock.
    #[must_use]
    pub const fn job(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Drill => "restore-drill",
        }
    }
}

/// What a task of a container does, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task(pub &'static [Action]);

impl Task {
    /// What a setting with a task should hold.
    pub const EXPECTED: &str = "1, backup, drill or both";
}

impl FromStr for Task {
    type Err = ();

    /// `1` is a backup, too. A drill that follows the backup proves that one, however long it took to make.
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "1" | "backup" => Ok(Self(&[Action::Backup])),
            "drill" => Ok(Self(&[Action::Drill])),
            "both" => Ok(Self(&[Action::Backup, Action::Drill])),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_schedule_without_a_word_is_a_backup() {
        let scheduled = json!({ "detail-type": "Scheduled Event", "source": "aws.events", "detail": {} });
        assert_eq!(Action::from_event(&scheduled), Ok(Action::Backup));
        for event in [
            json!({ "action": "drill" }),
            json!({ "detail": { "action": "drill" } }),
            json!({ "detail": { "step": "drill" } }),
        ] {
            assert_eq!(Action::from_event(&event), Ok(Action::Drill));
        }
    }

    #[test]
    fn other_events_are_refused_with_what_is_wrong() {
        let message = |event| Action::from_event(&event).unwrap_err().to_string();
        assert!(message(json!({ "action": "explode" })).contains("explode"));
        assert!(message(json!({ "Records": [] })).contains("Records"));
        assert!(message(json!([1, 2])).contains("invalid"));
    }

    #[test]
    fn a_task_is_told_by_a_word() {
        assert_eq!("1".parse(), Ok(Task(&[Action::Backup])));
        assert_eq!("drill".parse(), Ok(Task(&[Action::Drill])));
        assert_eq!("both".parse(), Ok(Task(&[Action::Backup, Action::Drill])));
        assert_eq!("0".parse::<Task>(), Err(()));
    }
}
