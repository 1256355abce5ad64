//! `down`: stops everything that `dev` started.

use crate::stack::layout::{Layout, Profile};
use crate::stack::{lock, state};
use anyhow::Result;

/// Nothing to choose.
#[derive(clap::Args)]
pub(crate) struct Command {}

impl Command {
    /// Stops the stack, or cleans up after one that crashed.
    pub(crate) async fn run(self) -> Result<()> {
        let layout = Layout::find(Profile::Dev).await?;
        if lock::stop_holder(&layout).await? {
            println!(
                "stopped; the data stays in {} until `dev --reset`",
                layout.state.display()
            );
            return Ok(());
        }
        match state::end_leftovers(&layout)? {
            0 => println!("nothing is running"),
            count => println!("ended {count} processes that a crashed run left behind"),
        }
        Ok(())
    }
}
