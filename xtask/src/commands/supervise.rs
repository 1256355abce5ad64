//! `supervise`: holds a stack up until told to stop. `dev` runs it in the foreground or leaves it behind.

use crate::stack::bring_up::{Choices, bring_up};
use crate::stack::layout::{Layout, Profile};
use crate::stack::lock::Lock;
use crate::stack::state::{Registry, end_leftovers};
use crate::stack::supervisor::Supervisor;
use anyhow::{Context, Result, bail};
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// Which stack, and how.
#[derive(clap::Args)]
pub(crate) struct Command {
    /// Which stack
    #[arg(long, value_enum)]
    profile: Profile,
    /// Port of the API
    #[arg(long)]
    port: Option<u16>,
    /// Use the optimised binaries
    #[arg(long)]
    release: bool,
}

impl Command {
    /// Runs until SIGTERM or SIGINT.
    pub(crate) async fn run(self) -> Result<()> {
        let layout = Layout::find(self.profile).await?;
        let choices = Choices {
            gateway_port: self.port,
            release: self.release,
        };
        hold_up(&layout, choices, std::future::ready(Ok(()))).await
    }
}

/// Brings a stack up, runs `then`, and holds the stack until a signal comes. Whatever happens, everything is stopped. Only
/// people's own stack finds the data of its last run.
pub(crate) async fn hold_up(
    layout: &Layout,
    choices: Choices,
    then: impl Future<Output = Result<()>>,
) -> Result<()> {
    layout.create()?;
    let Some(_lock) = Lock::take(layout)? else {
        bail!(
            "the stack {} is already running or starting",
            layout.profile.name()
        );
    };
    let leftovers = end_leftovers(layout)?;
    if leftovers > 0 {
        println!("     ended {leftovers} processes that an earlier run left behind");
    }
    if layout.profile == Profile::Dev {
        layout.delete_logs()?;
    } else {
        layout.empty()?;
    }
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let registry = Arc::new(Registry::new(layout));
    let mut supervisor = Supervisor::new(registry.clone());
    let work = async {
        bring_up(layout, choices, &mut supervisor, &registry).await?;
        then.await?;
        std::future::pending::<Result<()>>().await
    };
    let result = tokio::select! {
        result = work => result,
        _ = interrupted.recv() => Ok(()),
        _ = terminated.recv() => Ok(()),
    };
    if let Err(error) = &result {
        eprintln!("error: {error:#}");
    }
    println!("     stopping");
    supervisor.stop_all().await;
    std::fs::remove_file(layout.stack_file()).ok();
    if result.is_err() {
        bail!(
            "the stack did not come up; logs are in {}",
            layout.logs().display()
        );
    }
    Ok(())
}

/// Brings a private stack up from nothing, does something with it, and stops it, whatever comes of it.
pub(crate) async fn for_a_while(
    layout: &Layout,
    choices: Choices,
    work: impl AsyncFnOnce(&mut Supervisor) -> Result<()>,
) -> Result<()> {
    layout.create()?;
    let Some(_lock) = Lock::take(layout)? else {
        bail!("another stack {} is running; wait for it", layout.profile.name());
    };
    end_leftovers(layout)?;
    layout.empty()?;
    let registry = Arc::new(Registry::new(layout));
    let mut supervisor = Supervisor::new(registry.clone());
    let result = match bring_up(layout, choices, &mut supervisor, &registry).await {
        Ok(()) => work(&mut supervisor).await,
        Err(error) => Err(error),
    };
    supervisor.stop_all().await;
    std::fs::remove_file(layout.stack_file()).ok();
    result.with_context(|| format!("logs are in {}", layout.logs().display()))
}
