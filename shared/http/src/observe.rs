//! What is written down about every request: one JSON line that is a log record and CloudWatch metrics at once.
//!
//! The metrics use the embedded metric format, so that no call to CloudWatch is made:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>.

use std::io::Write as _;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

/// The namespace of the portal's metrics.
const NAMESPACE: &str = "Portal";

/// One request that has been answered.
#[derive(Debug)]
pub(crate) struct Observation<'a> {
    pub(crate) function: &'a str,
    /// The operation id; `-` for what the table does not list.
    pub(crate) operation: &'a str,
    pub(crate) method: &'a str,
    pub(crate) status: StatusCode,
    pub(crate) request_id: Uuid,
    pub(crate) duration: Duration,
    /// The kind of problem that was answered, if it was one.
    pub(crate) problem: Option<&'a str>,
    /// Further measurements in milliseconds, by metric name.
    pub(crate) measured: &'a [(&'static str, Duration)],
}

impl Observation<'_> {
    /// The line for a moment in time.
    pub(crate) fn line(&self, now: OffsetDateTime) -> Value {
        let mut line = Map::new();
        let mut put = |name: &str, value: Value| line.insert(name.to_owned(), value);
        put("timestamp", now.format(&Rfc3339).unwrap_or_default().into());
        put(
            "level",
            if self.status.is_server_error() {
                "ERROR"
            } else {
                "INFO"
            }
            .into(),
        );
        put("message", "request".into());
        put("requestId", self.request_id.to_string().into());
        put("function", self.function.into());
        put("operation", self.operation.into());
        put("method", self.method.into());
        put("status", self.status.as_u16().into());
        put("statusClass", format!("{}xx", self.status.as_u16() / 100).into());
        put("requests", 1.into());
        put("durationMs", milliseconds(self.duration));
        if let Some(problem) = self.problem {
            put("problem", problem.into());
        }
        let mut metrics = vec![
            json!({"Name": "requests", "Unit": "Count"}),
            milliseconds_metric("durationMs"),
        ];
        for (name, duration) in self.measured {
            put(name, milliseconds(*duration));
            metrics.push(milliseconds_metric(name));
        }
        put("_aws", directive(now, &metrics));
        Value::Object(line)
    }

    /// Writes the line to standard output, which Lambda hands to CloudWatch.
    pub(crate) fn write(&self) {
        let mut line = self.line(OffsetDateTime::now_utc()).to_string();
        line.push('\n');
        // A log that cannot be written is no reason to fail the request.
        let _ = std::io::stdout().lock().write_all(line.as_bytes());
    }
}

/// Tells CloudWatch which members of the line are metrics, and by what they are told apart.
fn directive(now: OffsetDateTime, metrics: &[Value]) -> Value {
    json!({
        "Timestamp": now.unix_timestamp_nanos() / 1_000_000,
        "CloudWatchMetrics": [{
            "Namespace": NAMESPACE,
            "Dimensions": [["function"], ["function", "operation", "statusClass"]],
            "Metrics": metrics,
        }],
    })
}

fn milliseconds_metric(name: &str) -> Value {
    json!({"Name": name, "Unit": "Milliseconds"})
}

/// Milliseconds with microseconds behind the point.
fn milliseconds(duration: Duration) -> Value {
    // Exact below 285 years, and a request is shorter.
    #[allow(clippy::cast_precision_loss)]
    let micros = duration.as_micros() as f64;
    json!(micros / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_log_record_and_names_its_metrics() {
        let observation = Observation {
            function: "directory",
            operation: "list_contractors",
            method: "GET",
            status: StatusCode::SERVICE_UNAVAILABLE,
            request_id: Uuid::nil(),
            duration: Duration::from_micros(1250),
            problem: Some("unavailable"),
            measured: &[("queryMs", Duration::from_millis(3))],
        };
        let line = observation.line(OffsetDateTime::UNIX_EPOCH);
        assert_eq!(line["timestamp"], "1970-01-01T00:00:00Z");
        assert_eq!(line["level"], "ERROR");
        assert_eq!(line["statusClass"], "5xx");
        assert_eq!(line["durationMs"], 1.25);
        assert_eq!(line["queryMs"], 3.0);
        let metrics = &line["_aws"]["CloudWatchMetrics"][0]["Metrics"];
        let names: Vec<_> = metrics
            .as_array()
            .unwrap()
            .iter()
            .map(|metric| metric["Name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["requests", "durationMs", "queryMs"]);
        assert!(names.iter().all(|name| line[*name].is_number()));
    }
}
