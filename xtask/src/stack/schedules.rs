//! The schedules that EventBridge keeps in AWS. People's own stack keeps them too; tests invoke functions when they want to.

use super::lambda;
use super::ports::Ports;
use anyhow::Result;
use serde_json::{Value, json};
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::MissedTickBehavior;

/// A function, and how often it is started.
const SCHEDULES: &[(&str, Duration)] = &[
    ("notify", Duration::from_secs(60)),
    ("files", Duration::from_secs(3600)),
];

/// Keeps the schedules until this process ends.
pub(crate) fn keep(ports: &Ports) -> Result<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    for (function, every) in SCHEDULES {
        let url = format!(
            "{}/2015-03-31/functions/{function}/invocations",
            lambda::url(ports)
        );
        tokio::spawn(keep_one(client.clone(), url, function, *every));
    }
    Ok(())
}

/// Starts one run after the other: a run that takes longer than its turn delays the next.
async fn keep_one(client: reqwest::Client, url: String, function: &'static str, every: Duration) {
    let mut turns = tokio::time::interval(every);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        let answer = client
            .post(&url)
            .json(&event(function, OffsetDateTime::now_utc()))
            .send();
        match answer.await {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => eprintln!("{function} failed on its schedule: {}", answer.status()),
            Err(error) => eprintln!("the schedule did not reach {function}: {error}"),
        }
    }
}

/// What EventBridge sends: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html>.
fn event(function: &str, at: OffsetDateTime) -> Value {
    json!({
        "version": "0",
        "id": uuid::Uuid::new_v4(),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": at.format(&Rfc3339).unwrap_or_default(),
        "region": super::aws::REGION,
        "resources": [format!("arn:aws:events:{}:000000000000:rule/{function}", super::aws::REGION)],
        "detail": {},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_is_the_sample_event_of_another_time() {
        let sample: Value = serde_json::from_str(include_str!("../../../events/notify.json")).unwrap();
        let event = event("notify", OffsetDateTime::UNIX_EPOCH);
        let members = |event: &Value| event.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(members(&event), members(&sample));
        for same in ["version", "detail-type", "source", "detail", "region"] {
            assert_eq!(event[same], sample[same], "{same}");
        }
        assert_eq!(event["time"], "1970-01-01T00:00:00Z");
    }
}
