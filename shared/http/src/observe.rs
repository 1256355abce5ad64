//! What is written down about every request: one JSON line that is a log record and CloudWatch metrics at once.

use std::time::Duration;

use axum::http::StatusCode;
use portal_data::metrics::{Metrics, Unit};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

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
    /// Writes the line to standard output.
    pub(crate) fn write(&self) {
        let now = OffsetDateTime::now_utc();
        self.metrics(now).emit(now);
    }

    fn metrics(&self, now: OffsetDateTime) -> Metrics {
        let level = if self.status.is_server_error() {
            "ERROR"
        } else {
            "INFO"
        };
        let mut metrics = Metrics::new()
            .property("timestamp", now.format(&Rfc3339).unwrap_or_default())
            .property("level", level)
            .property("message", "request")
            .property("requestId", self.request_id.to_string())
            .property("method", self.method)
            .property("status", self.status.as_u16())
            .dimension("function", self.function)
            .dimension("operation", self.operation)
            .dimension("statusClass", &format!("{}xx", self.status.as_u16() / 100))
            .also_by(&["function"])
            .metric("requests", Unit::Count, 1)
            .duration("durationMs", self.duration);
        if let Some(problem) = self.problem {
            metrics = metrics.property("problem", problem);
        }
        for (name, duration) in self.measured {
            metrics = metrics.duration(name, *duration);
        }
        metrics
    }
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
        let now = OffsetDateTime::UNIX_EPOCH;
        let line = observation.metrics(now).line(now);
        assert_eq!(line["timestamp"], "1970-01-01T00:00:00Z");
        assert_eq!(line["level"], "ERROR");
        assert_eq!(line["statusClass"], "5xx");
        assert_eq!(line["durationMs"], 1.25);
        assert_eq!(line["queryMs"], 3.0);
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        let metrics = &directive["Metrics"];
        let names: Vec<_> = metrics
            .as_array()
            .unwrap()
            .iter()
            .map(|metric| metric["Name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["requests", "durationMs", "queryMs"]);
        assert!(names.iter().all(|name| line[*name].is_number()));
        assert_eq!(
            directive["Dimensions"],
            serde_json::json!([["function"], ["function", "operation", "statusClass"]])
        );
    }
}
