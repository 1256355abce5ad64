//! Where a stack keeps its files.

use super::account::Account;
use crate::shell;
use anyhow::{Context, Result};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Which stack: people's own, or the private one of the tests. They live side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Profile {
    /// `cargo xtask dev`: keeps its data.
    Dev,
    /// `cargo xtask test`: made anew each time.
    Test,
    /// Started by the tests that kill its servers and functions: made anew each time.
    Crash,
    /// `cargo xtask drill pitr`: a cluster that is destroyed and recovered.
    Drill,
    /// `cargo xtask bench`: the full data set, loaded once and kept.
    Bench,
    /// `cargo xtask bench --scale 10x`: ten times as many rows, kept as well.
    BenchTenTimes,
    /// `cargo xtask bless`: a migrated database only for the compile-time checks of queries.
    Bless,
    /// `cargo xtask package`: runs the functions that were unpacked from their packages.
    Package,
}

impl Profile {
    /// The name of its folder below `target/`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Test => "test",
            Self::Crash => "crash",
            Self::Drill => "drill",
            Self::Bench => "bench",
            Self::BenchTenTimes => "bench-10x",
            Self::Bless => "bless",
            Self::Package => "package",
        }
    }
}

/// The folders of one stack.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Which stack this is.
    pub(crate) profile: Profile,
    /// The workspace.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// What the stack keeps: certificates, ports, objects, logs.
    pub(crate) state: PathBuf,
    /// What PostgreSQL and PgBouncer keep; readable by their account.
    pub(crate) databases: PathBuf,
}

impl Layout {
    /// Finds the folders of a stack of this workspace; makes none.
    pub(crate) async fn find(profile: Profile) -> Result<Self> {
        let (root, target) = workspace().await?;
        let state = target.join(profile.name());
        let databases = database_folder(&target, &state, profile).await;
        Ok(Self {
            profile,
            root,
            target,
            state,
            databases,
        })
    }

    /// Makes the folders.
    pub(crate) fn create(&self) -> Result<()> {
        std::fs::create_dir_all(self.logs())?;
        std::fs::create_dir_all(&self.databases)
            .with_context(|| format!("cannot make {}; is it writable?", self.databases.display()))?;
        Account::detect().own(&self.databases)
    }

    /// Deletes everything the stack keeps. The stack must not be running.
    pub(crate) fn delete(&self) -> Result<()> {
        for folder in [&self.databases, &self.state] {
            if folder.exists() {
                std::fs::remove_dir_all(folder)
                    .with_context(|| format!("cannot delete {}", folder.display()))?;
            }
        }
        Ok(())
    }

    /// Deletes everything but the lock, which the caller holds.
    pub(crate) fn empty(&self) -> Result<()> {
        if self.databases.exists() {
            std::fs::remove_dir_all(&self.databases)?;
        }
        for entry in std::fs::read_dir(&self.state)? {
            let path = entry?.path();
            if path.is_dir() {
                std::fs::remove_dir_all(&path)?;
            } else if path.extension().is_none_or(|extension| extension != "lock") {
                std::fs::remove_file(&path)?;
            }
        }
        self.create()
    }

    /// Deletes the logs of processes: each run of the stack has its own.
    pub(crate) fn delete_logs(&self) -> Result<()> {
        for entry in std::fs::read_dir(self.logs())? {
            let path = entry?.path();
            // The supervisor's own, which is being written.
            if path != self.supervisor_log() {
                std::fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// What a supervisor that was left behind prints.
    pub(crate) fn supervisor_log(&self) -> PathBuf {
        self.logs().join("supervisor.log")
    }

    /// Logs, one file per process.
    pub(crate) fn logs(&self) -> PathBuf {
        self.state.join("log")
    }

    /// The description of the running stack, for tools and tests.
    pub(crate) fn stack_file(&self) -> PathBuf {
        self.state.join("stack.json")
    }

    /// The functions' packages for Lambda, a folder each.
    pub(crate) fn packages(&self) -> PathBuf {
        self.target.join("lambda")
    }

    /// What came out of the packages.
    pub(crate) fn unpacked(&self) -> PathBuf {
        self.target.join("unpacked")
    }

    /// Tools from PyPI, shared by all stacks.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Built function binaries.
    pub(crate) fn binaries(&self, release: bool) -> PathBuf {
        if self.profile == Profile::Package {
            return self.unpacked();
        }
        self.target.join(if release { "release" } else { "debug" })
    }
}

/// The workspace's folder and its target folder, as Cargo sees them.
async fn workspace() -> Result<(PathBuf, PathBuf)> {
    let mut command = shell::cargo();
    command.args(["metadata", "--no-deps", "--format-version", "1"]);
    if let Some(folder) = std::env::var_os("CARGO_MANIFEST_DIR") {
        command.current_dir(folder);
    }
    let metadata: serde_json::Value = serde_json::from_str(&shell::capture(&mut command).await?)?;
    let folder = |name: &str| {
        metadata
            .get(name)
            .and_then(|value| value.as_str())
            .map(PathBuf::from)
    };
    let root = folder("workspace_root").context("cargo metadata names no workspace")?;
    let target = folder("target_directory").context("cargo metadata names no target folder")?;
    Ok((root, target))
}

/// Below `target/`, unless the account of PostgreSQL cannot get there (a clone in a home folder that is closed to others).
async fn database_folder(target: &Path, state: &Path, profile: Profile) -> PathBuf {
    let account = Account::detect();
    let nearest = target
        .ancestors()
        .find(|folder| folder.exists())
        .unwrap_or(Path::new("/"));
    if shell::succeeds(account.command("test").arg("-x").arg(nearest)).await {
        return state.join("databases");
    }
    let mut hasher = DefaultHasher::new();
    target.hash(&mut hasher);
    PathBuf::from(format!(
        "/var/lib/namc-portal/{:016x}/{}",
        hasher.finish(),
        profile.name()
    ))
}
