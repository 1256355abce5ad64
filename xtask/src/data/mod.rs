//! The data set: licences as a file of the state, and everything else straight into PostgreSQL.

pub(crate) mod accounts;
mod contractors;
mod counties;
mod csv_command;
pub(crate) mod dates;
mod names;
mod places;
mod random;
mod report;
mod set_command;
mod streets;
mod tables;
mod text;
mod words;

use std::path::Path;

use anyhow::Result;
use clap::Subcommand;
use serde_json::Value;

use csv_command::CsvCommand;
use set_command::SetCommand;
pub(crate) use tables::Scale;

/// The seed of the data set that everyone has unless they ask for another.
const DEFAULT_SEED: u64 = 20_260_801;

/// Make a data set, repeatable from its seed
#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Command {
    #[command(subcommand)]
    only: Option<Only>,
    #[command(flatten)]
    set: SetCommand,
}

#[derive(Subcommand, Debug)]
enum Only {
    /// Write a licence file as the state publishes it, and nothing else
    Csv(CsvCommand),
}

/// Loads the small data set into a stack that has just come up, the content of its `stack.json`, and opens its accounts; quick
/// when all is there already. A larger one that is there stays. `binaries` is where the functions are.
///
/// # Errors
/// When the stack holds another data set, or the import fails.
pub(crate) async fn load_demo(stack: &Value, folder: &Path, binaries: &Path) -> Result<()> {
    let mut connection = set_command::connect(stack).await?;
    match tables::held(&mut connection).await? {
        Some((scale, rows)) if scale != Scale::Small.name() => {
            println!("     the {scale} data set is there ({rows} rows)");
            accounts::open(stack, binaries).await
        }
        _ => load_set(stack, folder, binaries, Scale::Small).await,
    }
}

/// The same with a data set of this size.
///
/// # Errors
/// As of [`load_demo`].
pub(crate) async fn load_set(stack: &Value, folder: &Path, binaries: &Path, scale: Scale) -> Result<()> {
    SetCommand::of(scale).load_stack(stack, folder).await?;
    accounts::open(stack, binaries).await
}

impl Command {
    /// Makes what was asked for.
    ///
    /// # Errors
    /// When a file cannot be written, the stack is not running, or it holds another data set.
    pub(crate) async fn run(self) -> Result<()> {
        match self.only {
            Some(Only::Csv(command)) => command.run(),
            None => self.set.run().await,
        }
    }
}
