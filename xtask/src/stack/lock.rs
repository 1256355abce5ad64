//! One supervisor per stack: a file lock that the system releases however the holder ends.

use super::layout::Layout;
use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Held by the supervisor for as long as the stack runs.
pub(crate) struct Lock {
    _file: File,
}

fn path(layout: &Layout) -> PathBuf {
    layout.state.join("supervisor.lock")
}

fn open(layout: &Layout) -> Result<File> {
    let path = path(layout);
    let file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path);
    file.with_context(|| format!("cannot open {}", path.display()))
}

impl Lock {
    /// Takes the lock and writes this process's number into it; nothing when another supervisor holds it.
    pub(crate) fn take(layout: &Layout) -> Result<Option<Self>> {
        let mut file = open(layout)?;
        // A command that only asks who holds it has it for a moment: that is no reason to give up.
        let mut tries = 0;
        while let Err(error) = file.try_lock() {
            tries += 1;
            match error {
                TryLockError::WouldBlock if tries > 10 => return Ok(None),
                TryLockError::WouldBlock => std::thread::sleep(Duration::from_millis(20)),
                TryLockError::Error(error) => return Err(error).context("cannot lock the stack's folder"),
            }
        }
        file.set_len(0)?;
        file.rewind()?;
        write!(file, "{}", std::process::id())?;
        Ok(Some(Self { _file: file }))
    }
}

/// The process number of the running supervisor, if there is one.
pub(crate) fn holder(layout: &Layout) -> Result<Option<Pid>> {
    if !path(layout).exists() {
        return Ok(None);
    }
    let mut file = open(layout)?;
    match file.try_lock_shared() {
        Ok(()) => return Ok(None),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(error).context("cannot lock the stack's folder"),
    }
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(text.trim().parse().ok().and_then(Pid::from_raw))
}

/// Tells the running supervisor to stop, and waits until it has. Whether there was one.
pub(crate) async fn stop_holder(layout: &Layout) -> Result<bool> {
    let Some(supervisor) = holder(layout)? else {
        return Ok(false);
    };
    kill_process(supervisor, Signal::TERM).context("cannot signal the stack's supervisor")?;
    let started = Instant::now();
    while holder(layout)?.is_some() {
        if started.elapsed() > Duration::from_secs(90) {
            anyhow::bail!(
                "the stack's supervisor (process {supervisor:?}) does not stop; see its log in {}",
                layout.logs().display()
            );
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(true)
}
