//! `keys`: the keys that tokens are signed with.

use crate::progress::step;
use crate::stack::aws::Aws;
use crate::stack::layout::{Layout, Profile};
use crate::stack::{state, token_keys};
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::PathBuf;

/// What to do with them.
#[derive(clap::Args)]
pub(crate) struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Sign with a new key from now on; tokens of the keys before it stay good
    Rotate {
        /// The stack.json of the stack, where it is not the one that `dev` started
        #[arg(long)]
        stack: Option<PathBuf>,
    },
}

impl Command {
    /// Does it.
    pub(crate) async fn run(self) -> Result<()> {
        let Action::Rotate { stack } = self.action;
        let stack = describe(stack).await?;
        let endpoint = stack.get("awsEndpoint").and_then(Value::as_str);
        let aws = Aws::connect(endpoint.context("stack.json names no awsEndpoint")?);
        let id = step("a new key, published before it signs", token_keys::rotate(&aws)).await?;
        println!("tokens are signed with {id} within five minutes; those of the keys before it stay good");
        Ok(())
    }
}

async fn describe(file: Option<PathBuf>) -> Result<Value> {
    let Some(file) = file else {
        return state::read_stack(&Layout::find(Profile::Dev).await?);
    };
    let text = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", file.display()))
}
