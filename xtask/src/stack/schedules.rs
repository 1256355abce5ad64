//! The schedules that EventBridge keeps in AWS. People's own stack keeps them too; tests invoke functions when they want to.

use super::lambda;
use super::ports::Ports;
use anyhow::Result;
use serde_json::{Value, json};
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::MissedTickBehavior;

/// A function, the step that its event names, if any, and how often it is started. Backups are no part of it: each start of the stack
/// would dump the whole data set, and restore it; `cargo xtask drill backup` does when somebody wants it.
const SCHEDULES: &[(&str, Option<&str>, Duration)] = &[
    ("notify", None, Duration::from_secs(60)),
    ("billing", None, DAY),
    ("files", None, Duration::from_secs(3600)),
    ("health", None, Duration::from_secs(300)),
    ("partitions", None, DAY),
    ("maintenance", Some("audit-seal"), DAY),
    ("maintenance", Some("purge"), DAY),
    ("maintenance", Some("search-terms"), DAY),
    ("maintenance", Some("vacuum"), DAY),
    ("maintenance", Some("refresh-views"), DAY),
    ("maintenance", Some("reindex"), DAY),
];

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Keeps the schedules until this process ends.
pub(crate) fn keep(ports: &Ports) -> Result<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    for (function, step, every) in SCHEDULES {
        let url = format!(
            "{}/2015-03-31/functions/{function}/invocations",
            lambda::url(ports)
        );
        let event = |at| event(function, *step, at);
        tokio::spawn(keep_one(client.clone(), url, event, *every));
    }
    Ok(())
}

/// Starts one run after the other: a run that takes longer than its turn delays the next.
async fn keep_one(
    client: reqwest::Client,
    url: String,
    event: impl Fn(OffsetDateTime) -> Value,
    every: Duration,
) {
    let mut turns = tokio::time::interval(every);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        let answer = client.post(&url).json(&event(OffsetDateTime::now_utc())).send();
        match answer.await {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => eprintln!("{url} failed on its schedule: {}", answer.status()),
            Err(error) => eprintln!("the schedule did not reach {url}: {error}"),
        }
    }
}

/// What EventBridge sends: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html>.
fn event(function: &str, step: Option<&str>, at: OffsetDateTime) -> Value {
    let rule = step.map_or_else(|| function.to_owned(), |step| format!("{function}-{step}"));
    let detail = step.map_or_else(|| json!({}), |step| json!({ "step": step }));
    json!({
        "version": "0",
        "id": uuid::Uuid::new_v4(),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": at.format(&Rfc3339).unwrap_or_default(),
        "region": super::aws::REGION,
        "resources": [format!("arn:aws:events:{}:000000000000:rule/{rule}", super::aws::REGION)],
        "detail": detail,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_like(event: &Value, sample: &str) {
        let sample: Value = serde_json::from_str(sample).unwrap();
        let members = |event: &Value| event.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(members(event), members(&sample));
        for same in ["version", "detail-type", "source", "detail", "region"] {
            assert_eq!(event[same], sample[same], "{same}");
        }
        assert_eq!(event["time"], "1970-01-01T00:00:00Z");
    }

    #[test]
    fn events_are_the_sample_events_of_another_time() {
        let event = |function, step| event(function, step, OffsetDateTime::UNIX_EPOCH);
        is_like(
            &event("notify", None),
            include_str!("../../../events/notify.json"),
        );
        is_like(
            &event("health", None),
            include_str!("../../../events/health.json"),
        );
        is_like(
            &event("partitions", None),
            include_str!("../../../events/partitions.json"),
        );
        is_like(
            &event("maintenance", Some("purge")),
            include_str!("../../../events/maintenance-purge.json"),
        );
    }
}
