//! What a running stack writes down: `stack.json` for people, tools and tests, and its processes for repair after a crash.

use super::layout::Layout;
use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A process of the stack.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) name: String,
    pub(crate) pid: u32,
    /// When it started, in clock ticks since boot: with the number, this names one process for good.
    pub(crate) started: u64,
    pub(crate) log: PathBuf,
}

impl Process {
    /// Whether it still runs, and its number has not gone to another.
    fn lives(&self) -> bool {
        start_time(self.pid) == Some(self.started)
    }
}

/// The processes that run now, kept on disk at every change.
pub(crate) struct Registry {
    file: PathBuf,
    stack_file: PathBuf,
    logs: PathBuf,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    processes: BTreeMap<String, Process>,
    stack: Option<Value>,
}

impl Registry {
    /// An empty registry; the stack is not announced yet.
    pub(crate) fn new(layout: &Layout) -> Self {
        let file = file(layout);
        Self {
            file,
            stack_file: layout.stack_file(),
            logs: layout.logs(),
            inner: Mutex::default(),
        }
    }

    /// Records that a process started.
    pub(crate) fn started(&self, name: &str, pid: Option<u32>) {
        let Some(pid) = pid else { return };
        let process = Process {
            name: name.to_owned(),
            pid,
            started: start_time(pid).unwrap_or_default(),
            log: log_file(&self.logs, name),
        };
        self.update(|inner| drop(inner.processes.insert(name.to_owned(), process)));
    }

    /// Records that a process ended.
    pub(crate) fn ended(&self, name: &str) {
        self.update(|inner| drop(inner.processes.remove(name)));
    }

    /// Announces the stack: from now on `stack.json` is there, and always holds the processes that run.
    pub(crate) fn announce(&self, stack: Value) {
        self.update(|inner| inner.stack = Some(stack));
    }

    fn update(&self, change: impl FnOnce(&mut Inner)) {
        let Ok(mut inner) = self.inner.lock() else { return };
        change(&mut inner);
        let processes: Vec<&Process> = inner.processes.values().collect();
        let mut failed = write(&self.file, &json!(processes)).err();
        if let Some(stack) = &inner.stack {
            let mut stack = stack.clone();
            if let Some(object) = stack.as_object_mut() {
                object.insert("processes".to_owned(), json!(processes));
            }
            failed = failed.or(write(&self.stack_file, &stack).err());
        }
        if let Some(error) = failed {
            eprintln!("cannot write the stack's state: {error:#}");
        }
    }
}

/// Where a process writes its log.
pub(crate) fn log_file(logs: &Path, name: &str) -> PathBuf {
    logs.join(format!("{}.log", name.replace([' ', '/'], "-")))
}

/// The description of the running stack; an error that says what to do when there is none.
pub(crate) fn read_stack(layout: &Layout) -> Result<Value> {
    if super::lock::holder(layout)?.is_none() {
        anyhow::bail!("the stack is not running; start it with `cargo xtask dev --detach`");
    }
    let file = layout.stack_file();
    let bytes = std::fs::read(&file).context("the stack is still starting; try again in a moment")?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is not JSON", file.display()))
}

/// Ends processes that a crashed supervisor left behind: only those that it recorded, and that are still the same.
pub(crate) fn end_leftovers(layout: &Layout) -> Result<usize> {
    std::fs::remove_file(layout.stack_file()).ok();
    let Ok(bytes) = std::fs::read(file(layout)) else {
        return Ok(0);
    };
    let recorded: Vec<Process> = serde_json::from_slice(&bytes).unwrap_or_default();
    let leftovers: Vec<&Process> = recorded.iter().filter(|process| process.lives()).collect();
    for (signal, patience) in [(Signal::INT, 5), (Signal::TERM, 5), (Signal::KILL, 10)] {
        for process in leftovers.iter().filter(|process| process.lives()) {
            if let Some(pid) = i32::try_from(process.pid).ok().and_then(Pid::from_raw) {
                kill_process(pid, signal).ok();
            }
        }
        let started = Instant::now();
        while leftovers.iter().any(|process| process.lives())
            && started.elapsed() < Duration::from_secs(patience)
        {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    if let Some(stubborn) = leftovers.iter().find(|process| process.lives()) {
        anyhow::bail!(
            "{} (process {}) of an earlier run does not end",
            stubborn.name,
            stubborn.pid
        );
    }
    std::fs::remove_file(file(layout)).ok();
    Ok(leftovers.len())
}

fn file(layout: &Layout) -> PathBuf {
    layout.state.join("processes.json")
}

/// Field 22 of `/proc/<pid>/stat`; none when there is no such process or it has ended already (a zombie).
fn start_time(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field, the program's name in parentheses, may hold spaces.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    if fields.next()? == "Z" {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

/// Writes a file whole or not at all: readers poll it. It may hold passwords.
fn write(path: &Path, value: &Value) -> Result<()> {
    let partial = path.with_extension("partial");
    let mut file = File::options()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&partial)?;
    file.write_all(&serde_json::to_vec_pretty(value)?)?;
    std::fs::rename(&partial, path).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_a_start_time_and_a_missing_one_has_none() {
        assert!(start_time(std::process::id()).is_some_and(|ticks| ticks > 0));
        assert_eq!(start_time(u32::MAX), None);
    }
}
