//! What a run did, as CloudWatch's embedded metric format.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

/// The unit of a metric, by CloudWatch's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    /// Bytes.
    Bytes,
    /// Milliseconds.
    Milliseconds,
}

impl Unit {
    const fn name(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Bytes => "Bytes",
            Self::Milliseconds => "Milliseconds",
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
    metrics: Vec<Value>,
}

impl Metrics {
    /// No metrics yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a dimension: a value with few variants that metrics are told apart by.
    #[must_use]
    pub fn dimension(mut self, name: &str, value: &str) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self.dimensions.push(name.to_owned());
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
    pub fn metric(mut self, name: &str, unit: Unit, value: u64) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self.metrics.push(json!({ "Name": name, "Unit": unit.name() }));
        self
    }

    /// Prints the line.
    pub fn emit(self) {
        println!("{}", self.line(SystemTime::now()));
    }

    fn line(self, now: SystemTime) -> Value {
        let timestamp = now
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis());
        let mut members = self.members;
        members.insert(
            "_aws".to_owned(),
            json!({
                "Timestamp": u64::try_from(timestamp).unwrap_or(u64::MAX),
                "CloudWatchMetrics": [{
                    "Namespace": "Portal",
                    "Dimensions": [self.dimensions],
                    "Metrics": self.metrics,
                }],
            }),
        );
        Value::Object(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_what_it_carries() {
        let line = Metrics::new()
            .dimension("Job", "contractor-import")
            .property("importId", "x")
            .metric("RowsRead", Unit::Count, 3)
            .metric("Duration", Unit::Milliseconds, 40)
            .line(UNIX_EPOCH + std::time::Duration::from_millis(5));
        let expected = json!({
            "Job": "contractor-import",
            "importId": "x",
            "RowsRead": 3,
            "Duration": 40,
            "_aws": {
                "Timestamp": 5,
                "CloudWatchMetrics": [{
                    "Namespace": "Portal",
                    "Dimensions": [["Job"]],
                    "Metrics": [{ "Name": "RowsRead", "Unit": "Count" }, { "Name": "Duration", "Unit": "Milliseconds" }],
                }],
            },
        });
        assert_eq!(line, expected);
    }
}
