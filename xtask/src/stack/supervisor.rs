//! Starting the processes of a stack, starting them again when they end, and stopping them all.

mod process;

use super::state::Registry;
use crate::shell;
use anyhow::{Result, bail};
use process::{Started, changed, spawn, stop};
use rustix::process::Signal;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::watch;

pub(crate) use process::Spec;

/// A process that outlived this has started well: the next failure waits little again.
const STEADY: Duration = Duration::from_secs(10);
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// All processes of a stack.
pub(crate) struct Supervisor {
    registry: Arc<Registry>,
    running: Vec<Running>,
}

struct Running {
    spec: Spec,
    stop: watch::Sender<Option<Signal>>,
    starts: watch::Receiver<u32>,
    task: tokio::task::JoinHandle<()>,
}

impl Supervisor {
    /// A supervisor without processes, which records those it starts in the registry.
    pub(crate) fn new(registry: Arc<Registry>) -> Self {
        Self {
            registry,
            running: Vec::new(),
        }
    }

    /// Starts a process and keeps it running until `stop_all`.
    pub(crate) fn start(&mut self, spec: Spec) -> Result<()> {
        let (stop, stopped) = watch::channel(None);
        let (count, starts) = watch::channel(1);
        let process = spawn(&spec)?;
        let kept = keep_running(spec.clone(), process, self.registry.clone(), stopped, count);
        let task = tokio::spawn(kept);
        self.running.push(Running {
            spec,
            stop,
            starts,
            task,
        });
        Ok(())
    }

    /// Ends a process with this signal and keeps it down: what it returns starts it again.
    pub(crate) async fn take_down(&mut self, name: &str, signal: Signal) -> Result<Spec> {
        let place = self.running.iter().position(|process| process.spec.name == name);
        let Some(place) = place else {
            bail!("there is no process {name}");
        };
        let process = self.running.remove(place);
        process.stop.send(Some(signal)).ok();
        process.task.await.ok();
        Ok(process.spec)
    }

    /// How the processes whose name begins so are started.
    pub(crate) fn specs(&self, beginning: &str) -> Vec<Spec> {
        let specs = self.running.iter().map(|process| &process.spec);
        specs
            .filter(|spec| spec.name.starts_with(beginning))
            .cloned()
            .collect()
    }

    /// An error with the end of its log when a process has had to be started more than `limit` times.
    pub(crate) fn check(&self, name: &str, limit: u32) -> Result<()> {
        for process in self.running.iter().filter(|process| process.spec.name == name) {
            if *process.starts.borrow() > limit {
                bail!(
                    "{name} keeps ending; its log {} says:\n{}",
                    process.spec.log.display(),
                    shell::tail(&process.spec.log, 15)
                );
            }
        }
        Ok(())
    }

    /// Waits until `ready` says so, while the process stays alive.
    pub(crate) async fn wait_for<F>(
        &self,
        name: &str,
        limit: Duration,
        mut ready: impl FnMut() -> F,
    ) -> Result<()>
    where
        F: Future<Output = bool>,
    {
        let started = Instant::now();
        while !ready().await {
            self.check(name, 3)?;
            if started.elapsed() > limit {
                let log = self
                    .running
                    .iter()
                    .find(|process| process.spec.name == name)
                    .map(|process| process.spec.log.clone());
                let said = log.map(|log| shell::tail(&log, 15)).unwrap_or_default();
                bail!(
                    "{name} is not ready after {} s; its log says:\n{said}",
                    limit.as_secs()
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Stops all processes, the last started first.
    pub(crate) async fn stop_all(&mut self) {
        while let Some(process) = self.running.pop() {
            // Functions are many and do not depend on each other: those of one name are told together.
            let mut group = vec![process];
            while let Some(next) = self
                .running
                .pop_if(|next| independent(next) && group.iter().all(independent))
            {
                group.push(next);
            }
            for process in &group {
                process.stop.send(Some(process.spec.stop)).ok();
            }
            for process in group {
                process.task.await.ok();
            }
        }
    }
}

/// Whether a process may be stopped together with others.
fn independent(process: &Running) -> bool {
    process.spec.name.starts_with("function ")
}

async fn keep_running(
    spec: Spec,
    mut process: Started,
    registry: Arc<Registry>,
    mut stopped: watch::Receiver<Option<Signal>>,
    starts: watch::Sender<u32>,
) {
    let mut pause = SHORTEST_PAUSE;
    loop {
        registry.started(&spec.name, process.child.id());
        let started = Instant::now();
        let end = tokio::select! {
            _ = process.child.wait() => End::Died,
            () = changed(&spec, process.built) => End::Rebuilt,
            _ = stopped.wait_for(Option::is_some) => End::Told,
        };
        if !matches!(end, End::Died) {
            let signal = (*stopped.borrow()).unwrap_or(spec.stop);
            stop(&spec, signal, &mut process.child).await;
        }
        registry.ended(&spec.name);
        if let Some(exits) = &spec.exits {
            exits.send(spec.name.clone()).ok();
        }
        if matches!(end, End::Told) {
            return;
        }
        pause = if matches!(end, End::Rebuilt) || started.elapsed() > STEADY {
            SHORTEST_PAUSE
        } else {
            (pause * 2).min(LONGEST_PAUSE)
        };
        match start_again(&spec, process.built, pause, &mut stopped).await {
            Some(next) => process = next,
            None => return,
        }
        starts.send_modify(|count| {
            *count = if matches!(end, End::Rebuilt) {
                1
            } else {
                *count + 1
            }
        });
    }
}

/// Starts the process after a pause, or at once when its program changes; nothing when told to stop meanwhile.
async fn start_again(
    spec: &Spec,
    built: Option<SystemTime>,
    pause: Duration,
    stopped: &mut watch::Receiver<Option<Signal>>,
) -> Option<Started> {
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = changed(spec, built) => {}
            _ = stopped.wait_for(Option::is_some) => return None,
        }
        match spawn(spec) {
            Ok(next) => return Some(next),
            Err(error) => eprintln!("{error:#}; trying again"),
        }
    }
}

enum End {
    Died,
    Rebuilt,
    Told,
}

#[cfg(test)]
#[path = "supervisor_tests.rs"]
mod tests;
