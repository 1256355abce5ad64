//! Variables: what a program reads the template sets, and it sets nothing that nobody reads.

use std::collections::{BTreeMap, BTreeSet};

use crate::program::{Program, known_variables};
use crate::template::{Function, Template, root};

/// Variables whose default is right in AWS, with the reason; all others that a function reads are set.
const LEFT: &[(&str, &str)] = &[
    (
        "PORTAL_ARCHIVES_PREFIX",
        "the role's permission names the default",
    ),
    ("PORTAL_ARGON2", "the cost is the code's to know"),
    (
        "PORTAL_ARGON2_AT_ONCE",
        "an instance serves one request at a time",
    ),
    (
        "PORTAL_AUDIT_SEALS_PREFIX",
        "the role's permission names the default",
    ),
    ("PORTAL_AUDIT_SEAL_GRACE_MINUTES", "an hour"),
    ("PORTAL_BACKUPS_PREFIX", "the role's permission names the default"),
    ("PORTAL_BACKUP_COMPRESSION", "tuning"),
    ("PORTAL_BACKUP_DEADLINE_MARGIN_SECONDS", "tuning"),
    ("PORTAL_BACKUP_HEARTBEAT_SECONDS", "tuning"),
    ("PORTAL_BACKUP_KEEP_DAYS", "thirty, as promised"),
    ("PORTAL_BACKUP_KEEP_MONTHS", "twelve, as promised"),
    (
        "PORTAL_BACKUP_ONCE",
        "of the task of a container, which its schedule sets",
    ),
    ("PORTAL_BACKUP_PART_MIB", "tuning"),
    (
        "PORTAL_BILLING_ABANDONED_AFTER_HOURS",
        "a rule of the business, the code's to know",
    ),
    (
        "PORTAL_BILLING_ASKED_AFTER_MINUTES",
        "a rule of the business, the code's to know",
    ),
    (
        "PORTAL_BILLING_OVERLAP_HOURS",
        "a rule of the business, the code's to know",
    ),
    (
        "PORTAL_DATABASE_ACQUIRE_TIMEOUT_MS",
        "as long as the proxy's borrow timeout",
    ),
    (
        "PORTAL_DATABASE_CA",
        "public roots have signed the proxy's certificate",
    ),
    ("PORTAL_DATABASE_CONNECTIONS", "two, as the pooler's rules say"),
    ("PORTAL_DATABASE_DIRECT", "of those alone that go past the proxy"),
    ("PORTAL_DATABASE_MAX_REPLICA_LAG_MS", "a second, as promised"),
    ("PORTAL_DATABASE_NAME", "portal"),
    (
        "PORTAL_DATABASE_READERS",
        "of those alone that answer requests: jobs read what they have just written",
    ),
    ("PORTAL_DRILL_SERVER", "the primary"),
    ("PORTAL_DRILL_TEMPLATE", "template1, prepared once"),
    ("PORTAL_EVENTS_HOLD_MINUTES", "must be the same in four functions"),
    (
        "PORTAL_EVENTS_NO_SHOW_MINUTES",
        "must be the same in four functions",
    ),
    (
        "PORTAL_EVENTS_OFFER_MINUTES",
        "must be the same in four functions",
    ),
    ("PORTAL_FILES_DEADLINE_MARGIN_SECONDS", "tuning"),
    ("PORTAL_FILES_KEEP_DELETED_DAYS", "thirty"),
    ("PORTAL_FILES_MAX_BYTES", "a hundred mebibytes"),
    ("PORTAL_FILES_SWEEP_OBJECTS", "tuning"),
    ("PORTAL_FILES_SWEEP_ROWS", "tuning"),
    ("PORTAL_HEALTH_CALM_MINUTES", "ten"),
    ("PORTAL_IMPORT_DEADLINE_MARGIN_SECONDS", "tuning"),
    (
        "PORTAL_IMPORT_MAX_REMOVED_PERCENT",
        "a rule of the business, the code's to know",
    ),
    (
        "PORTAL_LEARNING_HOLD_MINUTES",
        "a rule of the business, the code's to know",
    ),
    ("PORTAL_MAIL_MAX_ATTEMPTS", "tuning"),
    ("PORTAL_MAINTENANCE_DEADLINE_MARGIN_SECONDS", "tuning"),
    (
        "PORTAL_MEMBERSHIP_GRACE_DAYS",
        "must be the same in two functions",
    ),
    ("PORTAL_PARTITIONS_BATCH", "tuning"),
    ("PORTAL_PARTITIONS_DEADLINE_MARGIN_SECONDS", "tuning"),
    ("PORTAL_PARTITIONS_LOCK_TIMEOUT_MS", "tuning"),
    ("PORTAL_PG_DUMP", "the layer's, found by PATH"),
    ("PORTAL_PG_RESTORE", "the layer's, found by PATH"),
    ("PORTAL_S3_PATH_STYLE", "of the emulator alone"),
    ("PORTAL_STRIPE_API", "Stripe's own address"),
    ("PORTAL_TOKEN_AUDIENCE", "namc-portal"),
];

/// What each function's program reads.
fn read() -> Vec<(Function, BTreeSet<String>)> {
    let known = known_variables();
    let functions = Template::get().functions().into_iter();
    functions
        .map(|function| {
            let read = Program::of(&function.name).variables(&known);
            (function, read)
        })
        .collect()
}

#[test]
fn what_a_program_reads_is_set_and_nothing_else() {
    let left: BTreeSet<_> = LEFT.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut faults = Vec::new();
    let mut unset = BTreeSet::new();
    for (function, read) in read() {
        let set: BTreeSet<_> = function.variables().into_keys().collect();
        let superfluous = set.difference(&read);
        faults.extend(superfluous.map(|name| format!("{}: nobody reads {name}", function.name)));
        let missing: BTreeSet<_> = read.difference(&set).cloned().collect();
        let forgotten = missing.difference(&left);
        faults.extend(forgotten.map(|name| format!("{}: {name} is read, and not set", function.name)));
        unset.extend(missing);
    }
    let stale = left.difference(&unset);
    faults.extend(stale.map(|name| format!("{name} is on the list of what is left, and is left by nobody")));
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Whoever sets a variable finds there what it means.
#[test]
fn every_variable_is_described() {
    let docs = std::fs::read_dir(root().join("docs")).unwrap();
    let pages = docs
        .map(|page| page.unwrap().path())
        .filter(|path| path.is_file());
    let pages: Vec<_> = pages.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let described = |name: &String| pages.iter().any(|page| page.contains(name.as_str()));
    let read: BTreeSet<_> = read().into_iter().flat_map(|(_, read)| read).collect();
    let undescribed: Vec<_> = read.iter().filter(|name| !described(name)).collect();
    assert!(undescribed.is_empty(), "{undescribed:?}");
}

/// A second task with the function's program must be told what the function is told.
#[test]
fn the_task_of_backups_has_the_functions_environment() {
    let template = Template::get();
    let functions = template.functions();
    let backup = functions
        .iter()
        .find(|function| function.name == "backup")
        .unwrap();
    let container = &template.properties("BackupTask")["ContainerDefinitions"][0];
    let variables = container["Environment"].as_array().unwrap().iter();
    let told: BTreeMap<_, _> = variables
        .map(|variable| {
            let name = variable["Name"].as_str().unwrap();
            (name.to_owned(), crate::template::text(&variable["Value"]))
        })
        .filter(|(name, _)| name.starts_with("PORTAL_"))
        .collect();
    assert_eq!(told, backup.variables());
}
