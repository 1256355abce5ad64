//! Triggers: each has a sample event that the tests replay, tries again, and leaves what it cannot deliver where somebody finds it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::roles::grants;
use crate::template::{Function, Template, list, root, text};

/// A schedule, and the event that it sends.
struct Schedule {
    name: String,
    function: Function,
    event: Value,
    properties: Value,
}

/// Those that start functions of ours.
fn schedules() -> Vec<Schedule> {
    let template = Template::get();
    let functions = template.functions();
    let all = template.of_type("AWS::Scheduler::Schedule");
    let ours = all.filter_map(|(name, properties)| {
        let target = text(&properties["Target"]["Arn"]);
        let mut functions = functions.iter();
        let function = functions.find(|function| target == format!("${{{}.Arn}}", function.id))?;
        Some(Schedule {
            name: name.to_owned(),
            function: function.clone(),
            event: serde_json::from_str(properties["Target"]["Input"].as_str().unwrap()).unwrap(),
            properties: properties.clone(),
        })
    });
    ours.collect()
}

/// What an event asks for: all of one of our own, the detail of one of EventBridge.
fn wish(event: &Value) -> &Value {
    event.get("detail").unwrap_or(event)
}

/// The sample events of a function.
fn samples(function: &str) -> Vec<Value> {
    let files = std::fs::read_dir(root().join("events")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let own = files.filter(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap();
        name == function || name.starts_with(&format!("{function}-"))
    });
    own.map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
        .collect()
}

#[test]
fn every_schedule_sends_what_a_sample_event_asks_for() {
    for schedule in schedules() {
        let samples = samples(&schedule.function.name);
        let same = samples.iter().any(|sample| wish(sample) == wish(&schedule.event));
        assert!(
            same,
            "{}: no sample event asks for {}",
            schedule.name, schedule.event
        );
    }
}

/// `partitions` prepares for the time that its event names, so the scheduler's own must be in it.
#[test]
fn schedules_say_when_they_were_due() {
    for schedule in schedules() {
        if schedule.event.get("detail-type").is_some() {
            assert_eq!(
                schedule.event["time"], "<aws.scheduler.scheduled-time>",
                "{}",
                schedule.name
            );
            assert_eq!(
                schedule.event["detail-type"], "Scheduled Event",
                "{}",
                schedule.name
            );
        }
    }
}

/// What docs/operations.md says runs at night, and what else the functions wait to be started for.
#[test]
fn whatever_runs_by_the_clock_has_a_schedule() {
    let scheduled: BTreeSet<_> = schedules()
        .iter()
        .map(|schedule| {
            let detail = wish(&schedule.event);
            let step = detail.get("step").or_else(|| detail.get("action"));
            let step = step.map(|step| format!(" {}", step.as_str().unwrap()));
            format!("{}{}", schedule.function.name, step.unwrap_or_default())
        })
        .collect();
    let expected = [
        "backup",
        "backup drill",
        "billing",
        "contractor-import",
        "files",
        "health",
        "maintenance audit-seal",
        "maintenance purge",
        "maintenance refresh-views",
        "maintenance reindex",
        "maintenance search-terms",
        "maintenance vacuum",
        "notify",
        "partitions",
    ];
    assert_eq!(scheduled, expected.map(str::to_owned).into());
}

/// A drill at an hour of its own would prove yesterday's backup on the day that a dump takes longer.
#[test]
fn the_task_of_backups_proves_what_it_has_made() {
    let tasks: Vec<_> = Template::get()
        .of_type("AWS::Scheduler::Schedule")
        .filter(|(_, schedule)| text(&schedule["Target"]["Arn"]) == "${BackupCluster.Arn}")
        .map(|(_, schedule)| schedule["Target"]["Input"].as_str().unwrap())
        .collect();
    assert_eq!(tasks.len(), 1);
    let input: Value = serde_json::from_str(tasks[0]).unwrap();
    assert_eq!(
        input.pointer("/containerOverrides/0/environment/0"),
        Some(&serde_json::json!({ "name": "PORTAL_BACKUP_ONCE", "value": "both" }))
    );
}

#[test]
fn what_cannot_be_delivered_is_tried_again_and_then_kept() {
    let template = Template::get();
    for schedule in schedules() {
        let target = &schedule.properties["Target"];
        assert_eq!(
            text(&target["DeadLetterConfig"]["Arn"]),
            "${DeadLetters.Arn}",
            "{}",
            schedule.name
        );
        assert!(
            target["RetryPolicy"]["MaximumRetryAttempts"].as_u64() > Some(0),
            "{}",
            schedule.name
        );
    }
    let triggered = template
        .functions()
        .into_iter()
        .filter(|function| !function.answers_requests() && function.name != "migrate");
    for function in triggered {
        let mut configs = template.of_type("AWS::Lambda::EventInvokeConfig");
        let own =
            configs.find(|(_, config)| text(&config["FunctionName"]) == format!("${{{}}}", function.id));
        let (_, config) = own.unwrap_or_else(|| panic!("{} gives events up in silence", function.name));
        assert_eq!(config["MaximumRetryAttempts"], 2, "{}", function.name);
        let place = text(&config["DestinationConfig"]["OnFailure"]["Destination"]);
        assert_eq!(place, "${DeadLetters.Arn}", "{}", function.name);
    }
}

#[test]
fn the_scheduler_may_start_what_it_starts_and_nothing_else() {
    let mut started: Vec<_> = schedules()
        .iter()
        .map(|schedule| text(&schedule.function.properties["FunctionName"]))
        .collect();
    let mut allowed: Vec<_> = grants("ScheduleRole")
        .into_iter()
        .filter(|grant| grant.action == "lambda:InvokeFunction")
        .map(|grant| grant.resource.split_once(":function:").unwrap().1.to_owned())
        .collect();
    for names in [&mut started, &mut allowed] {
        names.sort();
        names.dedup();
    }
    assert_eq!(allowed, started);
}

/// Of functions that work one at a time, a second instance would only wait for the first.
#[test]
fn what_works_alone_has_one_instance() {
    for function in Template::get().functions() {
        if ["backup", "billing", "health", "migrate", "notify", "partitions"]
            .contains(&function.name.as_str())
        {
            assert_eq!(
                function.properties["ReservedConcurrentExecutions"], 1,
                "{}",
                function.name
            );
        }
    }
}

#[test]
fn buckets_tell_the_functions_that_they_are_for() {
    let template = Template::get();
    let mut told: Vec<_> = Vec::new();
    for (id, bucket) in template.of_type("AWS::S3::Bucket") {
        for notification in bucket["NotificationConfiguration"]["LambdaConfigurations"]
            .as_array()
            .into_iter()
            .flatten()
        {
            assert_eq!(notification["Event"], "s3:ObjectCreated:*");
            told.extend(
                list(&notification["Function"])
                    .into_iter()
                    .map(|function| (id.to_owned(), function)),
            );
        }
    }
    told.sort();
    let expected = [
        ("FilesBucket", "${Files.Arn}"),
        ("ImportsBucket", "${ContractorImport.Arn}"),
    ];
    assert_eq!(
        told,
        expected.map(|(bucket, function)| (bucket.to_owned(), function.to_owned()))
    );
}
