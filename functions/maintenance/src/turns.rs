//! Whose turn it is in a step that may run out of time. What took too long the last time comes last, and nothing takes more than half of
//! the time that is left while others wait: what never comes to its end would starve all the rest, night after night.

use std::collections::BTreeSet;
use std::time::Duration;

use portal_data::job_runs;
use serde_json::Value;

use crate::error::MaintenanceError;
use crate::handler::Work;

/// The turns of one run.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    before: BTreeSet<String>,
    now: Vec<String>,
}

impl Turns {
    /// Reads what took too long in the last run of a step.
    pub(crate) async fn begin(work: &Work<'_>, step: &str) -> Result<Self, MaintenanceError> {
        let mut tx = work.begin().await?;
        let before = job_runs::last_timed_out(&mut tx, step).await?;
        tx.commit().await?;
        Ok(Self {
            before: before.into_iter().collect(),
            now: Vec::new(),
        })
    }

    /// Puts what took too long behind all others, which stay in their order.
    pub(crate) fn order<T>(&self, due: &mut [T], name: impl Fn(&T) -> &str) {
        due.sort_by_key(|one| self.before.contains(name(one)));
    }

    /// How long one may take of the time that is left: half of it, and the last all.
    pub(crate) fn share(left: Option<Duration>, is_last: bool) -> Option<Duration> {
        left.map(|left| if is_last { left } else { left / 2 })
    }

    /// Notes that one took too long. The second time in a row that is a failure, which is told here: people have to give it more time.
    pub(crate) fn timed_out(&mut self, name: &str) -> Option<String> {
        self.now.push(name.to_owned());
        self.before
            .contains(name)
            .then(|| format!("{name}: it took longer than there was time, for the second time in a row"))
    }

    /// What took too long.
    pub(crate) fn over(self) -> Vec<String> {
        self.now
    }
}

/// What becomes of a run in which something failed: the run has, although it has done the rest.
pub(crate) fn outcome(details: Value, failed: Vec<String>) -> Result<Value, MaintenanceError> {
    if failed.is_empty() {
        Ok(details)
    } else {
        Err(MaintenanceError::InPart { details, failed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(before: &[&str]) -> Turns {
        Turns {
            before: before.iter().map(ToString::to_string).collect(),
            now: Vec::new(),
        }
    }

    #[test]
    fn what_took_too_long_comes_last_and_the_others_keep_their_order() {
        let mut due = ["urgent", "large", "less", "least"];
        turns(&["large", "gone"]).order(&mut due, |name| name);
        assert_eq!(due, ["urgent", "less", "least", "large"]);
    }

    #[test]
    fn half_of_the_time_is_left_for_the_others() {
        let left = Some(Duration::from_secs(100));
        assert_eq!(Turns::share(left, false), Some(Duration::from_secs(50)));
        assert_eq!(Turns::share(left, true), left);
        assert_eq!(Turns::share(None, false), None);
    }

    #[test]
    fn too_long_is_a_failure_the_second_time() {
        let mut turns = turns(&["again"]);
        assert_eq!(turns.timed_out("first"), None);
        assert!(turns.timed_out("again").unwrap().starts_with("again: "));
        assert_eq!(turns.over(), ["first", "again"]);
    }

    #[test]
    fn a_failure_leaves_what_was_done_in_the_record() {
        assert!(outcome(Value::Null, Vec::new()).is_ok());
        let error = outcome(Value::Null, vec!["a: no".to_owned(), "b: no".to_owned()]).unwrap_err();
        assert_eq!(error.to_string(), "not everything was done: a: no; b: no");
    }
}
