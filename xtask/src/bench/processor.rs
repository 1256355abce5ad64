//! Processor time and memory of processes, from `/proc`.

use anyhow::{Context, Result};
use std::collections::BTreeMap;

/// Milliseconds of processor time that processes and their children have had so far. Children that have ended are left out: the pools
/// keep theirs.
pub(super) fn spent(pids: &[u32]) -> Result<f64> {
    let mut ticks = 0;
    for stat in all()?.values() {
        if pids.contains(&stat.pid) || pids.contains(&stat.parent) {
            ticks += stat.ticks;
        }
    }
    let per_second = rustix::param::clock_ticks_per_second();
    Ok(narrow(ticks) * 1000.0 / narrow(per_second))
}

struct Stat {
    pid: u32,
    parent: u32,
    ticks: u64,
}

fn all() -> Result<BTreeMap<u32, Stat>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir("/proc").context("there is no /proc")? {
        let Ok(pid) = entry?.file_name().to_string_lossy().parse() else {
            continue;
        };
        // It may have ended meanwhile.
        let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        if let Some(stat) = stat(pid, &text) {
            found.insert(pid, stat);
        }
    }
    Ok(found)
}

/// Fields 4 (parent), 14 and 15 (time in the program and in the kernel).
fn stat(pid: u32, text: &str) -> Option<Stat> {
    // The second field, the program's name in parentheses, may hold spaces.
    let (_, rest) = text.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let parent = fields.nth(1)?.parse().ok()?;
    let user: u64 = fields.nth(9)?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Stat {
        pid,
        parent,
        ticks: user + system,
    })
}

/// Megabytes of a process: now in memory, and at most so far.
pub(super) fn memory(pid: u32) -> Result<(f64, f64)> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).context("the process has ended")?;
    let now = megabytes(&status, "VmRSS:").context("no VmRSS")?;
    let most = megabytes(&status, "VmHWM:").context("no VmHWM")?;
    Ok((now, most))
}

fn megabytes(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

fn narrow(value: u64) -> f64 {
    f64::from(u32::try_from(value).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_proc_is_read_past_the_programs_name() {
        let text = "41 (a (b) c) S 7 41 41 0 -1 4194560 1 0 0 0 250 50 0 0 20 0 1 0 99 1 1";
        let stat = stat(41, text).unwrap();
        assert_eq!((stat.parent, stat.ticks), (7, 300));
    }

    #[test]
    fn this_process_has_memory_and_time() {
        let (now, most) = memory(std::process::id()).unwrap();
        assert!(now > 1.0 && most >= now);
        assert!(spent(&[std::process::id()]).unwrap() >= 0.0);
        assert_eq!(
            megabytes("VmPeak:\t 1\nVmRSS:\t    2048 kB\n", "VmRSS:"),
            Some(2.0)
        );
    }
}
