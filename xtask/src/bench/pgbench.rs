//! pgbench: statements alone, planned each time as the portal has it (`-M extended`).

use crate::load::samples::Figures;
use crate::shell;
use crate::stack::layout::Layout;
use crate::stack::postgres::program;
use anyhow::{Context, Result};
use std::path::Path;
use std::time::Duration;
use tokio::process::Command;

/// What transactions take that run these scripts, one after the other in each client.
pub(super) async fn run(
    layout: &Layout,
    scripts: &[String],
    url: &str,
    clients: u64,
    during: Duration,
) -> Result<Figures> {
    let folder = layout.state.join("pgbench");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut command = Command::new(program("pgbench"));
    command
        .args(["--no-vacuum", "--protocol", "extended", "--log", "--log-prefix"])
        .arg(folder.join("log"))
        .args(["--client", &clients.to_string()])
        .args(["--jobs", &clients.min(2).to_string()])
        .args(["--time", &during.as_secs().max(1).to_string()]);
    for (number, script) in scripts.iter().enumerate() {
        let file = folder.join(format!("{number}.sql"));
        std::fs::write(&file, script)?;
        command.arg("--file").arg(file);
    }
    command.arg(url);
    shell::capture(&mut command).await.context("pgbench failed")?;
    Ok(Figures::of_times(logged(&folder)?, during))
}

/// The times of all transactions in milliseconds, from pgbench's logs.
fn logged(folder: &Path) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("log") {
            times.extend(std::fs::read_to_string(entry.path())?.lines().filter_map(time));
        }
    }
    Ok(times)
}

/// `client transaction microseconds script seconds microseconds`.
fn time(line: &str) -> Option<f64> {
    let microseconds: f64 = line.split(' ').nth(2)?.parse().ok()?;
    Some(microseconds / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_log_is_a_transaction() {
        assert_eq!(time("0 12 2345 0 1790000000 123456"), Some(2.345));
        assert_eq!(time("skipped"), None);
    }
}
