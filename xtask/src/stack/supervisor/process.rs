//! One process of a stack: starting it, noticing a new build of its program, stopping it.

use crate::stack::account::Account;
use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, SystemTime};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

/// How long a process may take to stop before it is killed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A process to keep running.
#[derive(Clone)]
pub(crate) struct Spec {
    /// Its name in logs and in `stack.json`.
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    /// Its whole environment where given; that of the supervisor where not.
    pub(crate) environment: Option<Vec<(String, String)>>,
    pub(crate) account: Account,
    /// What makes it stop in good order.
    pub(crate) stop: Signal,
    pub(crate) log: PathBuf,
    /// Start it again when its program file changes, so that a new build is served at once.
    pub(crate) follow_program: bool,
    /// Told the name whenever the process ends.
    pub(crate) exits: Option<mpsc::UnboundedSender<String>>,
}

impl Spec {
    /// The same with one variable of its own environment set.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        let environment = self.environment.get_or_insert_default();
        environment.retain(|(known, _)| known != name);
        environment.push((name.to_owned(), value.into()));
        self
    }
}

/// A process, and which build of its program it is.
pub(super) struct Started {
    pub(super) child: Child,
    pub(super) built: Option<SystemTime>,
}

/// Starts the process of a specification.
///
/// `setpriv --pdeathsig` makes the kernel stop it when the supervisor ends, even by SIGKILL. That signal comes when the
/// *thread* that started it ends, which is why this program runs on one thread. Its own process group keeps a Ctrl-C on
/// the terminal from reaching it before the supervisor, which stops things in order.
pub(super) fn spawn(spec: &Spec) -> Result<Started> {
    // Looked at first: a build that ends meanwhile must count as new.
    let built = modified(spec);
    let log = File::options().create(true).append(true).open(&spec.log)?;
    let mut command = Command::new("setpriv");
    command.args(spec.account.privileges());
    command.arg(format!("--pdeathsig={}", signal_name(spec.stop)));
    command.arg("--").arg(&spec.program).args(&spec.arguments);
    if let Some(environment) = &spec.environment {
        command
            .env_clear()
            .envs(environment.iter().map(|(name, value)| (name, value)));
    }
    if spec.account == Account::Postgres {
        command.current_dir("/").envs(spec.account.home());
    }
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .process_group(0);
    let child = command
        .spawn()
        .with_context(|| format!("cannot start {} ({})", spec.name, spec.program.display()))?;
    Ok(Started { child, built })
}

/// Ends once the program file is another than it was, and whole.
pub(super) async fn changed(spec: &Spec, before: Option<SystemTime>) {
    if !spec.follow_program {
        return std::future::pending().await;
    }
    let mut last = before;
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let now = modified(spec);
        // Twice the same new time: the linker has finished writing.
        if now.is_some() && now != before && now == last {
            return;
        }
        last = now;
    }
}

/// When the program file was last written.
fn modified(spec: &Spec) -> Option<SystemTime> {
    spec.program
        .metadata()
        .and_then(|metadata| metadata.modified())
        .ok()
}

/// Tells the process to stop, and kills it where it does not.
pub(super) async fn stop(spec: &Spec, signal: Signal, child: &mut Child) {
    let pid = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .and_then(Pid::from_raw);
    if let Some(pid) = pid {
        kill_process(pid, signal).ok();
    }
    if tokio::time::timeout(PATIENCE, child.wait()).await.is_err() {
        eprintln!("{} does not stop: killed", spec.name);
        child.kill().await.ok();
    }
}

fn signal_name(signal: Signal) -> &'static str {
    match signal {
        Signal::INT => "INT",
        Signal::QUIT => "QUIT",
        _ => "TERM",
    }
}
