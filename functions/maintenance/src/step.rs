//! What this function can be asked to do.

use std::time::Duration;

use portal_jobs::TriggerError;
use serde::Deserialize;
use serde_json::Value;
use time::Date;

time::serde::format_description!(pub(crate) iso_date, Date, "[year]-[month]-[day]");

/// A step, by the name that stands in an event's detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// Seal the days of the audit that can no longer change.
    AuditSeal,
    /// Seal everything anew that an older data key sealed.
    Reencrypt,
    /// Delete what sign-in and retried requests have left behind.
    Purge,
    /// Bring the dictionary of the search up to date.
    SearchTerms,
    /// VACUUM and ANALYZE the tables whose statistics ask for it.
    Vacuum {
        /// For so long at most.
        #[serde(default, rename = "budgetSeconds")]
        budget: Option<u32>,
    },
    /// Make materialized views anew whose tables were written to.
    RefreshViews {
        /// For so long at most.
        #[serde(default, rename = "budgetSeconds")]
        budget: Option<u32>,
    },
    /// Build indexes anew that have outgrown their rows, and clear away what earlier attempts left.
    Reindex {
        /// For so long at most.
        #[serde(default, rename = "budgetSeconds")]
        budget: Option<u32>,
    },
    /// Compare the audit with its seals.
    AuditVerify {
        /// The first day; the first that was sealed unless given.
        #[serde(default, with = "iso_date::option")]
        from: Option<Date>,
        /// The last day; the last that was sealed unless given.
        #[serde(default, with = "iso_date::option")]
        to: Option<Date>,
    },
}

impl Step {
    /// Reads the step of an event of EventBridge, or of the bare detail that a rule with a constant input sends.
    ///
    /// # Errors
    /// [`TriggerError::Unknown`], with what is wrong.
    pub fn from_event(event: &Value) -> Result<Self, TriggerError> {
        let detail = event.get("detail").unwrap_or(event);
        Self::deserialize(detail).map_err(|error| TriggerError::Unknown(error.to_string()))
    }

    /// The name by which its runs are recorded.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AuditSeal => "audit-seal",
            Self::Reencrypt => "reencrypt",
            Self::Purge => "purge",
            Self::SearchTerms => "search-terms",
            Self::Vacuum { .. } => "vacuum",
            Self::RefreshViews { .. } => "refresh-views",
            Self::Reindex { .. } => "reindex",
            Self::AuditVerify { .. } => "audit-verify",
        }
    }

    /// How long it may take, where the event says so.
    #[must_use]
    pub fn budget(self) -> Option<Duration> {
        match self {
            Self::Vacuum { budget } | Self::RefreshViews { budget } | Self::Reindex { budget } => {
                budget.map(|seconds| Duration::from_secs(seconds.into()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_step_stands_in_the_detail_or_alone() {
        let scheduled = json!({ "detail-type": "Scheduled Event", "source": "aws.events", "detail": { "step": "audit-seal" } });
        assert_eq!(Step::from_event(&scheduled), Ok(Step::AuditSeal));
        assert_eq!(
            Step::from_event(&json!({ "step": "audit-seal" })),
            Ok(Step::AuditSeal)
        );
        assert_eq!(Step::from_event(&json!({ "step": "purge" })), Ok(Step::Purge));
        assert_eq!(
            Step::from_event(&json!({ "step": "search-terms" })),
            Ok(Step::SearchTerms)
        );
        let verify = Step::from_event(&json!({ "step": "audit-verify", "from": "2026-08-24" })).unwrap();
        let from = Date::from_calendar_date(2026, time::Month::August, 24).unwrap();
        assert_eq!(
            verify,
            Step::AuditVerify {
                from: Some(from),
                to: None
            }
        );
    }

    #[test]
    fn steps_past_the_pooler_may_have_a_budget() {
        for step in ["vacuum", "refresh-views", "reindex"] {
            let without = Step::from_event(&json!({ "step": step })).unwrap();
            assert_eq!((without.name(), without.budget()), (step, None));
            let with = Step::from_event(&json!({ "step": step, "budgetSeconds": 90 })).unwrap();
            assert_eq!(with.budget(), Some(Duration::from_secs(90)));
        }
        assert!(Step::from_event(&json!({ "step": "vacuum", "budgetSeconds": -1 })).is_err());
    }

    #[test]
    fn other_events_are_refused_with_what_is_wrong() {
        let message = |event| Step::from_event(&event).unwrap_err().to_string();
        assert!(message(json!({ "detail": {} })).contains("step"));
        assert!(message(json!({ "step": "explode" })).contains("explode"));
        assert!(message(json!({ "step": "audit-verify", "until": "2026-08-24" })).contains("until"));
    }
}
