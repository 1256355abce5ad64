//! Where drills take place: a stack in this process's own hands.

use super::faulty_store::{FaultyStore, Mood};
use super::{Name, Pace, run};
use crate::commands::dev;
use crate::data;
use crate::load::apart::Apart;
use crate::progress::step;
use crate::stack::bring_up::{Choices, bring_up};
use crate::stack::install;
use crate::stack::layout::{Layout, Profile};
use crate::stack::lock::Lock;
use crate::stack::ports::Ports;
use crate::stack::postgres::answers;
use crate::stack::state::{Registry, end_leftovers, read_stack};
use crate::stack::supervisor::{Spec, Supervisor};
use anyhow::{Context, Result, bail};
use rustix::process::Signal;
use serde_json::Value;
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a server may take to come back.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks whether it has: recovery is measured from the first that it answers.
const LOOK: Duration = Duration::from_millis(5);

/// The stack, and what drills have changed of it.
pub(super) struct Ground<'a> {
    supervisor: &'a mut Supervisor,
    /// The content of `stack.json`.
    pub(super) stack: Value,
    /// The thread of the load.
    pub(super) apart: Arc<Apart>,
    /// Processes that run changed, as they were.
    changed: Vec<Spec>,
    /// Processes that were not there.
    added: Vec<String>,
    /// What a drill has to say besides the table.
    notes: Vec<String>,
    /// What stands between the functions and S3, where a drill has put it there.
    pub(super) store: Option<FaultyStore>,
}

/// Brings up a stack of its own with the demo set, runs drills there, and stops it.
pub(crate) async fn on_own_stack(names: &[Name], pace: Pace, release: bool) -> Result<()> {
    step("Debian packages", install::packages()).await?;
    let layout = Layout::find(Profile::Drill).await?;
    step("Python tools", install::tools(&layout)).await?;
    dev::build(&layout, release).await?;
    layout.create()?;
    let Some(_lock) = Lock::take(&layout)? else {
        bail!("another drill is at work; wait for it");
    };
    end_leftovers(&layout)?;
    layout.empty()?;
    let registry = Arc::new(Registry::new(&layout));
    let mut supervisor = Supervisor::new(registry.clone());
    let choices = Choices {
        gateway_port: None,
        release,
    };
    let work = async {
        bring_up(&layout, choices, &mut supervisor, &registry).await?;
        let stack = read_stack(&layout)?;
        let binaries = layout.binaries(release);
        step("demo set", data::load_demo(&stack, &layout.state, &binaries)).await?;
        run(names, &mut Ground::new(&mut supervisor, stack)?, pace).await
    };
    let result = work.await;
    supervisor.stop_all().await;
    std::fs::remove_file(layout.stack_file()).ok();
    result.with_context(|| format!("logs are in {}", layout.logs().display()))
}

/// Every drill for a few seconds, on a stack that runs already and is not used by anybody else any more.
pub(crate) async fn smoke(layout: &Layout, supervisor: &mut Supervisor) -> Result<()> {
    let mut ground = Ground::new(supervisor, read_stack(layout)?)?;
    run(Name::ALL, &mut ground, Pace::short()).await
}

impl<'a> Ground<'a> {
    fn new(supervisor: &'a mut Supervisor, stack: Value) -> Result<Self> {
        Ok(Self {
            supervisor,
            stack,
            apart: Arc::new(Apart::start()?),
            changed: Vec::new(),
            added: Vec::new(),
            notes: Vec::new(),
            store: None,
        })
    }

    /// How a role reaches a server (`primary`, `replica`) or the pooler before it (`primaryPooled`, `replicaPooled`).
    pub(super) fn access(&self, role: &str, node: &str) -> Result<PgConnectOptions> {
        let url = self.stack.pointer(&format!("/databases/{role}/{node}"));
        let url = url.and_then(Value::as_str);
        let url = url.with_context(|| format!("stack.json does not say how {role} reaches {node}"))?;
        // Behind a pooler a name of a statement means nothing.
        Ok(PgConnectOptions::from_str(url)?.statement_cache_capacity(0))
    }

    /// A connection past all policies.
    pub(super) async fn owner(&self, node: &str) -> Result<PgConnection> {
        let connection = PgConnection::connect_with(&self.access("owner", node)?).await;
        connection.with_context(|| format!("cannot connect to {node}"))
    }

    /// The stack's ports.
    pub(super) fn ports(&self) -> Result<Ports> {
        let ports = self.stack.get("ports").cloned().unwrap_or_default();
        serde_json::from_value(ports).context("stack.json names no ports")
    }

    /// Ends a server as a crash or a failure would, keeps it away, brings it back, and says when it answered again.
    pub(super) async fn without(
        &mut self,
        process: &str,
        signal: Signal,
        hold: Duration,
        node: &str,
    ) -> Result<Instant> {
        let spec = self.supervisor.take_down(process, signal).await?;
        tokio::time::sleep(hold).await;
        self.supervisor.start(spec)?;
        let options = self.access("owner", node)?;
        let started = Instant::now();
        while !answers(&options).await {
            self.supervisor.check(process, 3)?;
            if started.elapsed() > PATIENCE {
                bail!("{process} does not come back");
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(Instant::now())
    }

    /// How the processes of a function are started; of every function where none is named.
    pub(super) fn processes(&self, function: &str) -> Vec<Spec> {
        self.supervisor.specs(&format!("function {function}"))
    }

    /// Starts a process anew in another way, until the drill is over.
    pub(super) async fn change(&mut self, spec: Spec) -> Result<()> {
        let before = self.supervisor.take_down(&spec.name, spec.stop).await?;
        self.changed.push(before);
        self.supervisor.start(spec)
    }

    /// Starts one more process, until the drill is over.
    pub(super) fn add(&mut self, spec: Spec) -> Result<()> {
        self.added.push(spec.name.clone());
        self.supervisor.start(spec)
    }

    /// Changes what the store before S3 does.
    pub(super) fn set_mood(&self, mood: Mood) {
        if let Some(store) = &self.store {
            store.set_mood(mood);
        }
    }

    /// Remembers something that belongs under the table.
    pub(super) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// What was remembered.
    pub(super) fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Makes every process what it was.
    pub(super) async fn restore(&mut self) -> Result<()> {
        for name in std::mem::take(&mut self.added) {
            self.supervisor.take_down(&name, Signal::TERM).await?;
        }
        for before in std::mem::take(&mut self.changed) {
            self.supervisor.take_down(&before.name, before.stop).await?;
            self.supervisor.start(before)?;
        }
        self.store = None;
        Ok(())
    }
}
