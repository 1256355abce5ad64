//! What was measured on, and what of.

use crate::data::dates;
use crate::shell;
use anyhow::{Context, Result};
use std::path::Path;
use tokio::process::Command;

/// Processor, cores and memory.
pub(super) fn describe() -> Result<String> {
    let processors = std::fs::read_to_string("/proc/cpuinfo").context("there is no /proc/cpuinfo")?;
    let memory = std::fs::read_to_string("/proc/meminfo").context("there is no /proc/meminfo")?;
    let cores = std::thread::available_parallelism()?;
    Ok(format!(
        "{cores} cores of {}, {} GB of memory",
        field(&processors, "model name").unwrap_or("an unnamed processor"),
        field(&memory, "MemTotal").and_then(gigabytes).unwrap_or_default()
    ))
}

/// The value of the first line `name : value`.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = text.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = fields.find(|(found, _)| found.trim() == name)?;
    Some(value.trim())
}

/// `16384256 kB` in whole gigabytes.
fn gigabytes(text: &str) -> Option<u64> {
    let kilobytes: u64 = text.split_whitespace().next()?.parse().ok()?;
    Some((kilobytes + (1 << 19)) >> 20)
}

/// The day.
pub(super) fn today() -> String {
    dates::iso(dates::today())
}

/// The commit, with a mark where the tree is not as it says.
pub(super) async fn commit(root: &Path) -> String {
    let mut git = Command::new("git");
    git.args(["describe", "--always", "--dirty"]).current_dir(root);
    let said = shell::capture(&mut git).await;
    said.map_or_else(|_| "unknown".to_owned(), |said| said.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_and_memory_are_read_as_linux_writes_them() {
        let text = "processor\t: 0\nmodel name\t: A Processor @ 2.0GHz\n";
        assert_eq!(field(text, "model name"), Some("A Processor @ 2.0GHz"));
        assert_eq!(
            field("MemTotal:       16384256 kB\n", "MemTotal").and_then(gigabytes),
            Some(16)
        );
    }
}
