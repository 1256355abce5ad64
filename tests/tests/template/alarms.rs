//! Alarms: one for every threshold of the service levels, each telling somebody, each on the dashboard.

use std::collections::BTreeSet;

use portal_data::health::{CHECKS, Limit};
use serde_json::Value;

use crate::template::{Template, list, text};

/// The thresholds that were promised: namespace, metric, whether too much or too little is wrong, and from where on.
const PROMISED: [(&str, &str, &str, f64); 10] = [
    ("Portal", "SlowQuery", "GreaterThanThreshold", 1.0),
    ("AWS/RDS", "DatabaseConnections", "GreaterThanThreshold", 160.0),
    ("Portal", "PoolUse", "GreaterThanThreshold", 80.0),
    ("AWS/RDS", "BufferCacheHitRatio", "LessThanThreshold", 90.0),
    ("Portal", "CacheHits", "LessThanThreshold", 90.0),
    ("Portal", "DiskUse", "GreaterThanThreshold", 85.0),
    // In milliseconds: thirty seconds.
    ("AWS/RDS", "AuroraReplicaLag", "GreaterThanThreshold", 30_000.0),
    // In microseconds: a hundred milliseconds.
    (
        "AWS/RDS",
        "DatabaseConnectionsBorrowLatency",
        "GreaterThanThreshold",
        100_000.0,
    ),
    ("Portal", "BackupAge", "GreaterThanThreshold", 26.0),
    (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "GreaterThanThreshold",
        0.0,
    ),
];

/// The slowest twentieth of a function's requests, in milliseconds, by the kind of its work.
const LEVELS: [(&str, u64); 8] = [
    ("admin", 2000),
    ("auth", 200),
    ("directory", 200),
    ("events", 200),
    ("learning", 200),
    ("messaging", 200),
    ("projects-geo", 200),
    ("search", 500),
];

fn alarms() -> Vec<(&'static str, &'static Value)> {
    Template::get().of_type("AWS::CloudWatch::Alarm").collect()
}

/// From where on it is wrong; where that is for a deployment to say, what it is unless said.
fn threshold(alarm: &Value) -> f64 {
    let threshold = &alarm["Threshold"];
    let default = threshold["Ref"]
        .as_str()
        .map(|parameter| &Template::get().written["Parameters"][parameter]["Default"]);
    default.unwrap_or(threshold).as_f64().unwrap()
}

fn dimension(alarm: &Value, name: &str) -> Option<String> {
    let mut dimensions = alarm["Dimensions"].as_array()?.iter();
    let found = dimensions.find(|dimension| dimension["Name"] == name)?;
    Some(text(&found["Value"]))
}

#[test]
fn every_threshold_has_an_alarm() {
    for (namespace, metric, direction, threshold) in PROMISED {
        let found = alarms().into_iter().any(|(_, alarm)| {
            alarm["Namespace"] == namespace
                && alarm["MetricName"] == metric
                && alarm["ComparisonOperator"] == direction
                && Some(self::threshold(alarm)) == Some(threshold)
        });
        assert!(found, "{namespace} {metric} {direction} {threshold}");
    }
}

#[test]
fn every_service_level_has_an_alarm() {
    let mut levels: Vec<_> = alarms()
        .into_iter()
        .filter(|(_, alarm)| alarm["MetricName"] == "durationMs")
        .map(|(id, alarm)| {
            assert_eq!(alarm["ExtendedStatistic"], "p95", "{id}");
            (
                dimension(alarm, "function").unwrap(),
                alarm["Threshold"].as_u64().unwrap(),
            )
        })
        .collect();
    levels.sort();
    assert_eq!(levels, LEVELS.map(|(function, most)| (function.to_owned(), most)));
}

/// What `health` finds wrong CloudWatch finds wrong at the same value.
#[test]
fn alarms_on_what_health_finds_agree_with_its_limits() {
    let found = alarms()
        .into_iter()
        .filter(|(_, alarm)| dimension(alarm, "Job").as_deref() == Some("health"));
    for (id, alarm) in found {
        let check = CHECKS.iter().find(|check| alarm["MetricName"] == check.metric);
        let check = check.unwrap_or_else(|| panic!("{id}: health has no such metric"));
        let limit = match check.limit {
            Limit::Above(value) => ("GreaterThanThreshold", "Maximum", value),
            Limit::Below(value) => ("LessThanThreshold", "Minimum", value),
            Limit::Never => panic!("{id}: {} is never wrong", check.name),
        };
        let alarm = (
            alarm["ComparisonOperator"].as_str().unwrap(),
            alarm["Statistic"].as_str().unwrap(),
            threshold(alarm),
        );
        assert_eq!(alarm, limit, "{id}");
    }
}

/// A reader that is gone sends no figures of how far it is behind.
#[test]
fn a_replica_that_says_nothing_is_told_of() {
    let lag = alarms()
        .into_iter()
        .find(|(_, alarm)| alarm["MetricName"] == "AuroraReplicaLag");
    assert_eq!(lag.unwrap().1["TreatMissingData"], "breaching");
}

#[test]
fn backups_that_are_broken_or_not_found_are_told_of() {
    for (metric, job) in [("BackupsBroken", "restore-drill"), ("BackupsLost", "backup")] {
        let told = alarms().into_iter().any(|(_, alarm)| {
            alarm["MetricName"] == metric && dimension(alarm, "Job").as_deref() == Some(job)
        });
        assert!(told, "{metric}");
    }
}

/// What `health` measures a backup's age by is what CloudWatch does.
#[test]
fn how_old_a_backup_may_be_is_said_once() {
    let functions = Template::get().functions();
    let health = functions
        .iter()
        .find(|function| function.name == "health")
        .unwrap();
    assert_eq!(
        health.variables()["PORTAL_HEALTH_BACKUP_HOURS"],
        "${BackupAgeHours}"
    );
    let age = alarms()
        .into_iter()
        .find(|(_, alarm)| alarm["MetricName"] == "BackupAge");
    assert_eq!(text(&age.unwrap().1["Threshold"]), "${BackupAgeHours}");
}

#[test]
fn every_function_that_fails_or_falls_silent_is_told_of() {
    let watched: BTreeSet<_> = alarms()
        .into_iter()
        .filter(|(_, alarm)| alarm["MetricName"] == "Errors")
        .filter_map(|(_, alarm)| dimension(alarm, "FunctionName"))
        .collect();
    let functions = Template::get().functions();
    // That of migrate is told by the deployment, which it fails.
    let expected = functions.iter().filter(|function| function.name != "migrate");
    let expected: BTreeSet<_> = expected.map(|function| format!("${{{}}}", function.id)).collect();
    assert_eq!(watched, expected);
    for silent in ["${Health}", "${Notify}"] {
        let dead_mans = alarms().into_iter().any(|(_, alarm)| {
            alarm["MetricName"] == "Invocations"
                && dimension(alarm, "FunctionName").as_deref() == Some(silent)
                && alarm["TreatMissingData"] == "breaching"
                && alarm["Period"].as_u64() <= Some(900)
        });
        assert!(dead_mans, "{silent}");
    }
}

#[test]
fn every_alarm_tells_the_topic_and_is_on_the_dashboard() {
    let dashboard = text(&Template::get().properties("Dashboard")["DashboardBody"]);
    let body: Value = serde_json::from_str(&dashboard).unwrap();
    let widgets = body["widgets"].as_array().unwrap();
    let shown = widgets.iter().find(|widget| widget["type"] == "alarm").unwrap();
    let shown: BTreeSet<_> = list(&shown["properties"]["alarms"]).into_iter().collect();
    let mut all = BTreeSet::new();
    for (id, alarm) in alarms() {
        assert_eq!(list(&alarm["AlarmActions"]), ["${AlertsTopic}"], "{id}");
        assert_eq!(list(&alarm["OKActions"]), ["${AlertsTopic}"], "{id}");
        assert!(!alarm["AlarmDescription"].as_str().unwrap().is_empty(), "{id}");
        all.insert(format!("${{{id}.Arn}}"));
    }
    assert_eq!(shown, all);
}

/// A description that sends somebody to the runbook sends to a section that is there.
#[test]
fn descriptions_name_sections_of_the_runbook() {
    let runbook = std::fs::read_to_string(crate::template::root().join("docs/operations.md")).unwrap();
    for (id, alarm) in alarms() {
        let description = alarm["AlarmDescription"].as_str().unwrap();
        if let Some((_, section)) = description
            .strip_suffix(" in the runbook")
            .and_then(|text| text.rsplit_once(": see "))
        {
            assert!(runbook.contains(&format!("\n### {section}\n")), "{id}: {section}");
        }
    }
}
