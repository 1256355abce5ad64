//! The functions: what `functions/` holds, what starts each, and what each is told through its environment.

use super::account::Account;
use super::certificates::Certificates;
use super::layout::Layout;
use super::ports::Ports;
use super::supervisor::Spec;
use super::{alerts, aws, gateway, lambda, postgres, secrets, state, stripe, token_keys};
use anyhow::{Context, Result, bail};
use rustix::process::Signal;
use std::collections::BTreeMap;
use tokio::sync::mpsc;

/// Environment variables by name.
pub(crate) type Environment = BTreeMap<String, String>;

/// What starts a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trigger {
    /// Requests from the gateway: several at once.
    Http,
    /// Events and schedules: one at a time.
    Event,
}

/// A function of the bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) trigger: Trigger,
    /// Whose secret it may read; `master` is the master user's. None for a function without a database.
    pub(crate) secret: Option<&'static str>,
}

const fn http(name: &'static str, secret: Option<&'static str>) -> Function {
    Function {
        name,
        trigger: Trigger::Http,
        secret,
    }
}

const fn event(name: &'static str, secret: Option<&'static str>) -> Function {
    Function {
        name,
        trigger: Trigger::Event,
        secret,
    }
}

/// Every function of `functions/` has its line here.
const FUNCTIONS: &[Function] = &[
    http("admin", Some("portal_admin")),
    http("auth", Some("portal_auth")),
    http("directory", Some("portal_api")),
    http("events", Some("portal_api")),
    http("projects-geo", Some("portal_api")),
    http("search", Some("portal_api")),
    http("messaging", Some("portal_api")),
    http("learning", Some("portal_api")),
    http("payments", Some("portal_api")),
    http("docs", None),
    event("backup", Some("portal_backup")),
    event("billing", Some("portal_jobs")),
    event("contractor-import", Some("portal_jobs")),
    event("maintenance", Some("portal_maintenance")),
    event("files", Some("portal_jobs")),
    event("health", Some("portal_monitor")),
    event("migrate", Some("master")),
    event("notify", Some("portal_jobs")),
    event("partitions", Some("portal_maintenance")),
];

/// The functions that seal or open what the database keeps encrypted.
const SEALING: &[&str] = &["auth", "directory", "maintenance", "notify"];

/// The functions in the workspace's folder `functions/`, in the order of their names.
pub(crate) fn list(layout: &Layout) -> Result<Vec<Function>> {
    let folder = layout.root.join("functions");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").exists() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    names.iter().map(|name| describe(name)).collect()
}

fn describe(name: &str) -> Result<Function> {
    match FUNCTIONS.iter().find(|function| function.name == name) {
        Some(function) => Ok(*function),
        None => {
            bail!("functions/{name} has no line in xtask/src/stack/functions.rs: say there what starts it")
        }
    }
}

impl Function {
    /// How many processes serve it, each one request at a time, as instances of Lambda do. What is measured runs optimised, with four
    /// clients, whom Lambda would give an instance each.
    pub(crate) fn copies(self, release: bool) -> usize {
        match self.trigger {
            Trigger::Http if release => 4,
            Trigger::Http => 2,
            Trigger::Event => 1,
        }
    }

    /// The name of one of its processes.
    pub(crate) fn process_name(self, copy: usize) -> String {
        format!("function {} {copy}", self.name)
    }
}

/// What every function is told.
pub(crate) fn shared_environment(layout: &Layout, ports: &Ports, certificates: &Certificates) -> Environment {
    let local = |port: u16| format!("127.0.0.1:{port}");
    let settings = [
        ("AWS_ENDPOINT_URL", aws::endpoint(ports)),
        ("AWS_ENDPOINT_URL_LAMBDA", lambda::url(ports)),
        ("AWS_REGION", aws::REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", aws::ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", aws::SECRET_KEY.to_owned()),
        ("PORTAL_S3_PATH_STYLE", "true".to_owned()),
        ("PORTAL_DATABASE_WRITER", local(ports.pooler)),
        ("PORTAL_DATABASE_READERS", local(ports.replica_pooler)),
        ("PORTAL_DATABASE_DIRECT", local(ports.primary)),
        ("PORTAL_DATABASE_NAME", postgres::DATABASE.to_owned()),
        (
            "PORTAL_DATABASE_CA",
            certificates.authority.to_string_lossy().into_owned(),
        ),
        ("PORTAL_SIGNING_SECRET", "portal/signing".to_owned()),
        ("PORTAL_TOKEN_KEYS_SECRET", token_keys::PUBLIC.to_owned()),
        ("PORTAL_CORS_ORIGINS", "*".to_owned()),
        ("PORTAL_PUBLIC_URL", gateway::api_url(ports)),
        ("PORTAL_MAIL_FROM", aws::MAIL_FROM.to_owned()),
        ("PORTAL_IMPORTS_BUCKET", aws::IMPORTS_BUCKET.to_owned()),
        ("PORTAL_FILES_BUCKET", aws::FILES_BUCKET.to_owned()),
        ("PORTAL_BACKUPS_BUCKET", aws::BACKUPS_BUCKET.to_owned()),
        ("PORTAL_EXPORTS_BUCKET", aws::EXPORTS_BUCKET.to_owned()),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON".to_owned()),
        ("AWS_LAMBDA_LOG_LEVEL", "INFO".to_owned()),
        // Lambda gives a function nothing of the machine it runs on, either.
        ("PATH", "/usr/local/bin:/usr/bin:/bin".to_owned()),
        ("TZ", ":UTC".to_owned()),
        ("LANG", "en_US.UTF-8".to_owned()),
        ("HOME", layout.state.to_string_lossy().into_owned()),
    ];
    settings
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Where a function runs.
pub(crate) struct Place<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) ports: &'a Ports,
    /// With its optimised binary.
    pub(crate) release: bool,
}

/// One process of a function.
pub(crate) fn spec(
    place: &Place<'_>,
    function: Function,
    copy: usize,
    shared: &Environment,
    exits: mpsc::UnboundedSender<String>,
) -> Result<Spec> {
    let (layout, ports) = (place.layout, place.ports);
    let program = layout.binaries(place.release).join(function.name);
    if !program.exists() {
        bail!("{} is not built", program.display());
    }
    let mut environment = shared.clone();
    let mut set = |name: &str, value: String| drop(environment.insert(name.to_owned(), value));
    set("AWS_LAMBDA_FUNCTION_NAME", function.name.to_owned());
    set("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned());
    set("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512".to_owned());
    set(
        "AWS_LAMBDA_RUNTIME_API",
        match function.trigger {
            // `.rt` is where cargo-lambda serves the runtime API of the function named after it.
            Trigger::Http => format!("http://127.0.0.1:{}/.rt/{}", ports.gateway, function.name),
            Trigger::Event => lambda::runtime_api(ports, function.name, copy),
        },
    );
    for (name, value) in own_settings(function) {
        set(name, value);
    }
    for (name, value) in stripe::environment(function.name, ports) {
        set(name, value);
    }
    let name = function.process_name(copy);
    Ok(Spec {
        log: state::log_file(&layout.logs(), &name),
        name,
        program,
        arguments: Vec::new(),
        environment: Some(environment.into_iter().collect()),
        account: Account::Caller,
        stop: Signal::TERM,
        follow_program: layout.profile == super::layout::Profile::Dev,
        exits: Some(exits),
    })
}

/// What this function is told and others are not.
fn own_settings(function: Function) -> Vec<(&'static str, String)> {
    let login = |role: &str| format!("{}{role}", secrets::PREFIX);
    let program = |name: &str| postgres::program(name).to_string_lossy().into_owned();
    let mut settings = Vec::new();
    if let Some(secret) = function.secret {
        settings.push(("PORTAL_DATABASE_SECRET", login(secret)));
    }
    if SEALING.contains(&function.name) {
        settings.push(("PORTAL_DATA_KEYS_SECRET", token_keys::DATA.to_owned()));
    }
    match function.name {
        "auth" => settings.push(("PORTAL_TOKEN_SECRET", token_keys::PRIVATE.to_owned())),
        "backup" => settings.extend([
            ("PORTAL_PG_DUMP", program("pg_dump")),
            ("PORTAL_PG_RESTORE", program("pg_restore")),
            ("PORTAL_DRILL_SECRET", login("portal_maintenance")),
            ("PORTAL_DRILL_READER_SECRET", login("portal_api")),
        ]),
        "events" => settings.push(("PORTAL_TICKET_KEYS_SECRET", token_keys::TICKETS.to_owned())),
        // Stripe's word is settled by another role than members' requests run as.
        "payments" => settings.push(("PORTAL_SETTLEMENT_SECRET", login("portal_jobs"))),
        "health" => settings.push(("PORTAL_ALERTS_TOPIC", alerts::topic())),
        "migrate" => settings.push(("PORTAL_ROLE_SECRETS_PREFIX", secrets::PREFIX.to_owned())),
        _ => {}
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_without_a_line_is_refused_by_name() {
        let error = describe("unheard-of").unwrap_err().to_string();
        assert!(error.contains("functions/unheard-of"), "{error}");
    }

    #[test]
    fn no_function_is_described_twice() {
        let mut names: Vec<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FUNCTIONS.len());
    }
}
