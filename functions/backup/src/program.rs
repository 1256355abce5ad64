//! The programs of PostgreSQL as children of the function.

use std::path::Path;
use std::process::Stdio;

use portal_data::connect::Login;
use portal_data::{ConfigError, DatabaseConfig, Endpoint};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, ChildStderr, Command};
use tokio::task::JoinHandle;

use crate::error::BackupError;

/// How much of what a program says is kept: its last words.
const KEPT_WORDS: usize = 4096;

/// A program with nothing of the function's environment but what finds its libraries.
pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C").kill_on_drop(true);
    // libpq looks for certificates of clients in the home folder.
    command.env("HOME", "/nonexistent");
    for name in ["PATH", "LD_LIBRARY_PATH"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// The same, with the way to a database in its environment: what stands in its arguments, every process of the machine may read.
pub(crate) fn connected(
    program: &Path,
    config: &DatabaseConfig,
    server: &Endpoint,
    login: &Login,
) -> Result<Command, BackupError> {
    // Of certificate authorities libpq knows files alone.
    let authorities = config.ca_file.as_ref().ok_or(ConfigError::Missing {
        name: "PORTAL_DATABASE_CA",
        expected: "the path of a PEM file",
    })?;
    let mut command = command(program);
    command
        .env("PGHOST", &server.host)
        .env("PGPORT", server.port.to_string())
        .env("PGDATABASE", &config.database)
        .env("PGUSER", &login.username)
        .env("PGPASSWORD", &login.password)
        .env("PGSSLMODE", "verify-full")
        .env("PGSSLROOTCERT", authorities)
        .env("PGCONNECT_TIMEOUT", "10")
        .env("PGAPPNAME", &config.application);
    Ok(command)
}

/// A program that runs.
pub(crate) struct Running {
    name: String,
    pub(crate) child: Child,
    said: JoinHandle<String>,
}

impl Running {
    /// Starts it, with what it says on its standard error kept.
    pub(crate) fn start(mut command: Command) -> Result<Self, BackupError> {
        let name = command.as_std().get_program().to_string_lossy().into_owned();
        let spawned = command.stderr(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|source| BackupError::NotRun {
            program: name.clone(),
            source,
        })?;
        let said = tokio::spawn(last_words(child.stderr.take()));
        Ok(Self { name, child, said })
    }

    /// An error of speaking with it.
    pub(crate) fn error(&self, source: std::io::Error) -> BackupError {
        BackupError::NotRun {
            program: self.name.clone(),
            source,
        }
    }

    /// Waits for its end, which must be a good one.
    pub(crate) async fn end(mut self) -> Result<(), BackupError> {
        let status = self.child.wait().await;
        let status = status.map_err(|source| self.error(source))?;
        if status.success() {
            return Ok(());
        }
        Err(BackupError::Program {
            program: self.name,
            status: status.to_string(),
            said: self.said.await.unwrap_or_default(),
        })
    }
}

async fn last_words(stderr: Option<ChildStderr>) -> String {
    match stderr {
        Some(stderr) => tail(stderr, KEPT_WORDS).await,
        None => String::new(),
    }
}

/// The end of what can be read, at most so many bytes of it.
async fn tail(mut source: impl AsyncRead + Unpin, bytes: usize) -> String {
    let mut kept = Vec::new();
    // What cannot be read any more is no reason to forget what was.
    while let Ok(1..) = (&mut source).take(bytes as u64).read_to_end(&mut kept).await {
        let excess = kept.len().saturating_sub(bytes);
        kept.drain(..excess);
    }
    String::from_utf8_lossy(&kept).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_last_words_are_kept() {
        let said = [b"x".repeat(10_000), b" could not connect\n".to_vec()].concat();
        assert_eq!(tail(said.as_slice(), 14).await, "d not connect");
        assert_eq!(tail("short".as_bytes(), 14).await, "short");
    }

    #[tokio::test]
    async fn a_failure_names_the_program_and_what_it_said() {
        let mut shell = command(Path::new("sh"));
        shell.args(["-c", "echo no such server >&2; exit 3"]);
        let error = Running::start(shell).unwrap().end().await.unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains("sh failed") && said.contains("3") && said.contains("no such server"),
            "{said}"
        );
    }

    #[tokio::test]
    async fn a_program_sees_nothing_of_the_functions_environment() {
        let mut shell = command(Path::new("sh"));
        shell.args(["-c", "env >&2; exit 1"]);
        let said = Running::start(shell)
            .unwrap()
            .end()
            .await
            .unwrap_err()
            .to_string();
        assert!(!said.contains("CARGO"), "{said}");
        assert!(said.contains("HOME=/nonexistent"), "{said}");
    }
}
