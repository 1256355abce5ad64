//! `drill`: what is lost comes back: a backup is made and restored, a server is destroyed and recovered to a second, or a part of the
//! stack is taken away under load.

use super::pitr;
use crate::drills::{Name, Pace, on_own_stack};
use crate::progress::{seconds, step};
use crate::stack::layout::{Layout, Profile};
use crate::stack::state;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

/// What to show.
#[derive(clap::Args)]
pub(crate) struct Command {
    #[command(subcommand)]
    action: Action,
    /// Of the drills under load: how long what is taken away stays away
    #[arg(long, global = true, default_value_t = 12)]
    seconds: u64,
    /// Of those too: with optimised binaries
    #[arg(long, global = true)]
    release: bool,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Back the running stack's database up, restore the backup into another database, compare, and drop that
    Backup {
        /// The stack.json of another stack than that of `dev`; PORTAL_STACK may name it too
        #[arg(long)]
        stack: Option<PathBuf>,
    },
    /// Destroy a server of its own that archives its WAL, and recover it to a second in between two rows
    Pitr,
    /// All that follow, one after the other
    All,
    /// One of those that take something away under load
    #[command(flatten)]
    Outage(Name),
}

impl Command {
    /// Runs the drill.
    pub(crate) async fn run(self) -> Result<()> {
        let pace = Pace::of(Duration::from_secs(self.seconds));
        match self.action {
            Action::Backup { stack } => backup(&describe(stack).await?).await,
            Action::Pitr => pitr::run().await,
            Action::All => on_own_stack(Name::ALL, pace, self.release).await,
            Action::Outage(name) => on_own_stack(&[name], pace, self.release).await,
        }
    }
}

async fn backup(stack: &Value) -> Result<()> {
    let taken = step("a backup (function backup)", invoke(stack, "backup")).await?;
    let proven = step(
        "the same restored, compared, read and dropped",
        invoke(stack, "drill"),
    )
    .await?;
    if taken.get("backup") != proven.get("backup") {
        bail!("another backup was restored than was just made: {taken} {proven}");
    }
    let number = |value: &Value, name: &str| value.get(name).and_then(Value::as_f64).unwrap_or_default();
    let took = |value: &Value, name: &str| seconds(Duration::from_secs_f64(number(value, name)));
    let checks = proven
        .get("checks")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let checks: Vec<&str> = checks.filter_map(Value::as_str).collect();
    println!();
    println!(
        "backup     {}",
        taken.get("objectKey").and_then(Value::as_str).unwrap_or("-")
    );
    println!(
        "dumped     {:.1} MB in {}: {} rows in {} tables",
        number(&taken, "sizeBytes") / 1e6,
        took(&taken, "seconds"),
        number(&taken, "rows"),
        number(&taken, "tables"),
    );
    println!(
        "restored   in {}, from an empty database to one that serves",
        took(&proven, "restoreSeconds")
    );
    println!("compared   SHA-256 of the dump; rows and checksum of every table");
    println!("read       as the application: {}", checks.join(", "));
    Ok(())
}

/// Has the function do it, with the rights that it has in production; what it says of it.
async fn invoke(stack: &Value, action: &str) -> Result<Value> {
    let url = stack
        .get("invocationsUrl")
        .and_then(Value::as_str)
        .context("stack.json names no invocations")?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    let answer = client
        .post(format!("{url}/backup/invocations"))
        .json(&json!({ "action": action }))
        .send()
        .await
        .context("cannot reach the function backup; is the stack running?")?;
    let status = answer.status();
    let said: Value = answer
        .json()
        .await
        .context("the function backup answered no JSON")?;
    match said.get("details") {
        Some(details) if status.is_success() && details.get("backup").is_some() => Ok(details.clone()),
        _ => bail!("{action} was not done: {said}"),
    }
}

async fn describe(file: Option<PathBuf>) -> Result<Value> {
    let named = file.or_else(|| std::env::var_os("PORTAL_STACK").map(PathBuf::from));
    let Some(file) = named else {
        return state::read_stack(&Layout::find(Profile::Dev).await?);
    };
    let text = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", file.display()))
}
