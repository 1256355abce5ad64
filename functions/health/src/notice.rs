//! What people are told.

use portal_data::health::{Alert, CHECKS, Notice};
use portal_data::metrics::Unit;

/// SNS takes subjects of fewer than 100 characters, in ASCII and on one line.
const LONGEST_SUBJECT: usize = 99;

/// A message as SNS takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The subject of the mail that SNS makes of it.
    pub subject: String,
    /// The text.
    pub text: String,
    /// By what subscriptions can filter.
    pub attributes: Vec<(&'static str, String)>,
}

impl Message {
    /// Words the next notice of an alert.
    pub(crate) fn of(alert: &Alert, runbook: &str) -> Self {
        let about = match alert.subject.as_str() {
            "" => alert.check.clone(),
            subject => format!("{} ({subject})", alert.check),
        };
        let (state, said) = match alert.notice() {
            Notice::Started => ("STARTED", "has begun"),
            Notice::Ended => ("ENDED", "is over"),
        };
        let check = CHECKS.iter().find(|check| check.name == alert.check);
        let unit = check.map_or("", |check| symbol(check.unit));
        let meaning = check.map_or("This check is not made any more.", |check| check.meaning);
        let mut lines = vec![
            format!("{about} {said}."),
            String::new(),
            meaning.to_owned(),
            String::new(),
            format!(
                "Value: {}{unit}; limit: {}{unit}",
                number(alert.value),
                number(alert.threshold)
            ),
            format!("Since: {}", alert.started_at),
        ];
        lines.extend(alert.ended_at.map(|at| format!("Until: {at}")));
        if alert.notice() == Notice::Started {
            lines.push(format!("Details: {}", alert.details));
        }
        lines.push(format!("Runbook: {runbook}#{}", alert.check));
        Self {
            subject: subject(&format!("Portal: {about} {said}")),
            text: lines.join("\n"),
            attributes: vec![
                ("state", state.to_owned()),
                ("check", alert.check.clone()),
                ("alertId", alert.id.to_string()),
            ],
        }
    }
}

/// As SNS takes it: other characters become question marks.
fn subject(text: &str) -> String {
    text.chars()
        .map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' })
        .take(LONGEST_SUBJECT)
        .collect()
}

/// A value as people read it.
fn number(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

const fn symbol(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "",
        Unit::Bytes => " bytes",
        Unit::Milliseconds => " ms",
        Unit::Seconds => " s",
        Unit::Percent => " %",
        Unit::Megabytes => " MB",
        Unit::Minutes => " min",
        Unit::Hours => " h",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use time::macros::datetime;
    use uuid::Uuid;

    fn alert(start_is_told: bool) -> Alert {
        Alert {
            id: Uuid::nil(),
            check: "late-jobs".to_owned(),
            subject: "partitions".to_owned(),
            value: 3.25,
            threshold: 0.0,
            details: json!({ "everyHours": 26 }),
            started_at: datetime!(2026-08-24 10:00 UTC),
            ended_at: start_is_told.then_some(datetime!(2026-08-24 11:00 UTC)),
            start_is_told,
        }
    }

    #[test]
    fn a_beginning_says_what_it_means_and_where_to_read_on() {
        let message = Message::of(&alert(false), "https://example.org/operations");
        assert_eq!(message.subject, "Portal: late-jobs (partitions) has begun");
        assert!(
            message.text.contains("A job has not come to a good end"),
            "{}",
            message.text
        );
        assert!(
            message.text.contains("Value: 3.2 h; limit: 0 h"),
            "{}",
            message.text
        );
        assert!(message.text.contains("everyHours"), "{}", message.text);
        assert!(
            message
                .text
                .ends_with("Runbook: https://example.org/operations#late-jobs")
        );
        assert_eq!(message.attributes.first(), Some(&("state", "STARTED".to_owned())));
    }

    #[test]
    fn an_end_says_when() {
        let message = Message::of(&alert(true), "r");
        assert!(message.subject.ends_with("is over"));
        assert!(
            message.text.contains("Until: 2026-08-24 11:00"),
            "{}",
            message.text
        );
        assert_eq!(message.attributes.first(), Some(&("state", "ENDED".to_owned())));
    }

    #[test]
    fn a_subject_is_what_sns_takes() {
        let mut odd = alert(false);
        odd.subject = format!("tablé\n{}", "x".repeat(200));
        let message = Message::of(&odd, "r");
        assert_eq!(message.subject.len(), LONGEST_SUBJECT);
        assert!(message.subject.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
    }

    #[test]
    fn a_check_that_is_gone_can_still_end() {
        let mut gone = alert(true);
        gone.check = "retired".to_owned();
        assert!(Message::of(&gone, "r").text.contains("not made any more"));
    }
}
