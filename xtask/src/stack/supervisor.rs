//! Starting the processes of a stack, starting them again when they end, and stopping them all.

mod process;

use super::state::Registry;
use crate::shell;
use anyhow::{Result, bail};
use process::{Started, changed, spawn, stop};
use std::path::PathBuf;
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
    name: String,
    log: PathBuf,
    stop: watch::Sender<bool>,
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
        let (stop, stopped) = watch::channel(false);
        let (count, starts) = watch::channel(1);
        let process = spawn(&spec)?;
        let (name, log) = (spec.name.clone(), spec.log.clone());
        let task = tokio::spawn(keep_running(spec, process, self.registry.clone(), stopped, count));
        self.running.push(Running {
            name,
            log,
            stop,
            starts,
            task,
        });
        Ok(())
    }

    /// An error with the end of its log when a process has had to be started more than `limit` times.
    pub(crate) fn check(&self, name: &str, limit: u32) -> Result<()> {
        for process in self.running.iter().filter(|process| process.name == name) {
            if *process.starts.borrow() > limit {
                bail!(
                    "{name} keeps ending; its log {} says:\n{}",
                    process.log.display(),
                    shell::tail(&process.log, 15)
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
                    .find(|process| process.name == name)
                    .map(|process| process.log.clone());
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
                process.stop.send(true).ok();
            }
            for process in group {
                process.task.await.ok();
            }
        }
    }
}

/// Whether a process may be stopped together with others.
fn independent(process: &Running) -> bool {
    process.name.starts_with("function ")
}

async fn keep_running(
    spec: Spec,
    mut process: Started,
    registry: Arc<Registry>,
    mut stopped: watch::Receiver<bool>,
    starts: watch::Sender<u32>,
) {
    let mut pause = SHORTEST_PAUSE;
    loop {
        registry.started(&spec.name, process.child.id());
        let started = Instant::now();
        let end = tokio::select! {
            _ = process.child.wait() => End::Died,
            () = changed(&spec, process.built) => End::Rebuilt,
            _ = stopped.wait_for(|stop| *stop) => End::Told,
        };
        if !matches!(end, End::Died) {
            stop(&spec, &mut process.child).await;
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
    stopped: &mut watch::Receiver<bool>,
) -> Option<Started> {
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = changed(spec, built) => {}
            _ = stopped.wait_for(|stop| *stop) => return None,
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
