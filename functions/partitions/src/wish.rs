//! What an event asks for.

use portal_jobs::TriggerError;
use serde::Deserialize;
use serde_json::{Map, Value};

/// How a run is to be made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Wish {
    /// Only say what would be done.
    #[serde(default)]
    pub dry_run: bool,
}

impl Wish {
    /// Reads the detail of an event of EventBridge, or a bare `{"dryRun": true}`; the time beside it is read elsewhere.
    ///
    /// # Errors
    /// [`TriggerError::Unknown`], with what is wrong.
    pub fn from_event(event: &Value) -> Result<Self, TriggerError> {
        let wish = match event.get("detail") {
            Some(detail) => detail.clone(),
            None => without_time(event)?,
        };
        serde_json::from_value(wish).map_err(|error| TriggerError::Unknown(error.to_string()))
    }
}

fn without_time(event: &Value) -> Result<Value, TriggerError> {
    let members: &Map<String, Value> = event
        .as_object()
        .ok_or_else(|| TriggerError::Unknown("it is not a JSON object".to_owned()))?;
    let rest = members.iter().filter(|(name, _)| *name != "time");
    Ok(rest.map(|(name, value)| (name.clone(), value.clone())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_schedule_asks_for_everything_and_a_person_may_ask_for_less() {
        let schedule =
            json!({ "detail-type": "Scheduled Event", "time": "2026-08-24T03:00:00Z", "detail": {} });
        assert_eq!(Wish::from_event(&schedule), Ok(Wish { dry_run: false }));
        for dry in [
            json!({ "detail": { "dryRun": true } }),
            json!({ "dryRun": true, "time": "2026-08-24T03:00:00Z" }),
        ] {
            assert_eq!(Wish::from_event(&dry), Ok(Wish { dry_run: true }));
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for bad in [
            json!({ "dryrun": true }),
            json!({ "detail": { "dryRun": "yes" } }),
            json!({ "Records": [] }),
            json!([1]),
        ] {
            assert!(Wish::from_event(&bad).is_err(), "{bad}");
        }
    }
}
