//! What a request or a job did, as CloudWatch's embedded metric format: a line of the log that is metrics as well, so that no call
//! to CloudWatch is made.

use std::io::Write as _;
use std::time::Duration;

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

/// The namespace of the portal's metrics.
const NAMESPACE: &str = "Portal";

/// The unit of a metric, by CloudWatch's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    /// Bytes.
    Bytes,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Hundredths of a whole.
    Percent,
    /// 1,048,576 bytes.
    Megabytes,
    /// Minutes, which CloudWatch has no name for.
    Minutes,
    /// Hours, which CloudWatch has no name for.
    Hours,
}

impl Unit {
    /// The unit in the words of the business.
    #[must_use]
    pub const fn word(self) -> portal_domain::operations::Unit {
        use portal_domain::operations::Unit as Word;
        match self {
            Self::Count => Word::Count,
            Self::Bytes => Word::Bytes,
            Self::Megabytes => Word::Megabytes,
            Self::Milliseconds => Word::Milliseconds,
            Self::Seconds => Word::Seconds,
            Self::Minutes => Word::Minutes,
            Self::Hours => Word::Hours,
            Self::Percent => Word::Percent,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Bytes => "Bytes",
            Self::Milliseconds => "Milliseconds",
            Self::Seconds => "Seconds",
            Self::Percent => "Percent",
            Self::Megabytes => "Megabytes",
            Self::Minutes | Self::Hours => "None",
        }
    }
}

/// One line of metrics. CloudWatch makes metrics of it when it stands alone on a line of the function's output.
///
/// Format: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    members: Map<String, Value>,
    dimensions: Vec<String>,
    sums: Vec<Vec<String>>,
    metrics: Vec<Value>,
}

impl Metrics {
    /// No metrics yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a dimension: a value with few variants that metrics are told apart by, together with the other dimensions.
    #[must_use]
    pub fn dimension(mut self, name: &str, value: &str) -> Self {
        self.dimensions.push(name.to_owned());
        self.property(name, value)
    }

    /// Makes every metric once more, told apart by these dimensions alone.
    #[must_use]
    pub fn also_by(mut self, dimensions: &[&str]) -> Self {
        self.sums
            .push(dimensions.iter().map(ToString::to_string).collect());
        self
    }

    /// Adds a property: it can be searched for in the logs and makes no metric.
    #[must_use]
    pub fn property(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a metric.
    #[must_use]
    pub fn metric(self, name: &str, unit: Unit, value: u64) -> Self {
        self.measured(name, unit, value.into())
    }

    /// Adds a metric in milliseconds, with microseconds behind the point.
    #[must_use]
    pub fn duration(self, name: &str, elapsed: Duration) -> Self {
        // Exact below 285 years, and what is measured here is shorter.
        #[allow(clippy::cast_precision_loss)]
        let micros = elapsed.as_micros() as f64;
        self.measured(name, Unit::Milliseconds, (micros / 1000.0).into())
    }

    /// Adds a metric that was measured. What is no number is left out.
    #[must_use]
    pub fn gauge(self, name: &str, unit: Unit, value: f64) -> Self {
        match serde_json::Number::from_f64(value) {
            Some(number) => self.measured(name, unit, number.into()),
            None => self,
        }
    }

    fn measured(mut self, name: &str, unit: Unit, value: Value) -> Self {
        self.metrics.push(json!({ "Name": name, "Unit": unit.name() }));
        self.property(name, value)
    }

    /// The line for a moment in time.
    #[must_use]
    pub fn line(self, now: OffsetDateTime) -> Value {
        let mut dimensions = self.sums;
        dimensions.push(self.dimensions);
        let mut members = self.members;
        members.insert(
            "_aws".to_owned(),
            json!({
                "Timestamp": now.unix_timestamp_nanos() / 1_000_000,
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": dimensions,
                    "Metrics": self.metrics,
                }],
            }),
        );
        Value::Object(members)
    }

    /// Writes the line for a moment in time to standard output, which Lambda hands to CloudWatch.
    pub fn emit(self, now: OffsetDateTime) {
        let mut line = self.line(now).to_string();
        line.push('\n');
        // A log that cannot be written is no reason to fail what it tells of.
        let _ = std::io::stdout().lock().write_all(line.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_what_it_carries() {
        let line = Metrics::new()
            .dimension("Job", "contractor-import")
            .dimension("Outcome", "succeeded")
            .also_by(&["Job"])
            .property("importId", "x")
            .metric("RowsRead", Unit::Count, 3)
            .metric("Size", Unit::Bytes, 40)
            .duration("Duration", Duration::from_micros(1250))
            .gauge("Share", Unit::Percent, 12.5)
            .gauge("Nothing", Unit::Percent, f64::NAN)
            .line(OffsetDateTime::UNIX_EPOCH + Duration::from_millis(5));
        let expected = json!({
            "Job": "contractor-import",
            "Outcome": "succeeded",
            "importId": "x",
            "RowsRead": 3,
            "Size": 40,
            "Duration": 1.25,
            "Share": 12.5,
            "_aws": {
                "Timestamp": 5,
                "CloudWatchMetrics": [{
                    "Namespace": "Portal",
                    "Dimensions": [["Job"], ["Job", "Outcome"]],
                    "Metrics": [
                        { "Name": "RowsRead", "Unit": "Count" },
                        { "Name": "Size", "Unit": "Bytes" },
                        { "Name": "Duration", "Unit": "Milliseconds" },
                        { "Name": "Share", "Unit": "Percent" },
                    ],
                }],
            },
        });
        assert_eq!(line, expected);
    }
}
