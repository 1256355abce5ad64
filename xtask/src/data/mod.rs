//! The data set: licences as a file of the state, and everything else straight into PostgreSQL.

mod contractors;
mod counties;
mod csv_command;
mod dates;
mod names;
mod places;
mod random;
mod report;
mod streets;
mod text;

use anyhow::Result;
use clap::Subcommand;

use csv_command::CsvCommand;

/// The seed of the data set that everyone has unless they ask for another.
const DEFAULT_SEED: u64 = 20_260_801;

/// Make a data set, repeatable from its seed
#[derive(clap::Args, Debug)]
pub(crate) struct Command {
    #[command(subcommand)]
    only: Option<Only>,
}

#[derive(Subcommand, Debug)]
enum Only {
    /// Write a licence file as the state publishes it, and nothing else
    Csv(CsvCommand),
}

impl Command {
    /// Makes what was asked for.
    pub(crate) async fn run(self) -> Result<()> {
        match self.only {
            Some(Only::Csv(command)) => command.run(),
            None => Ok(()),
        }
    }
}
