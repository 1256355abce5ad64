//! `cargo xtask data --scale small|full|10x`: the whole data set.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result};
use serde_json::Value;
use sqlx::{Connection as _, PgConnection};
use time::Date;

use super::accounts;
use super::contractors::{Encoding, Layout, Recipe, write_file};
use super::csv_command::describe;
use super::dates::{parse_date, today};
use super::report::Progress;
use super::tables::{Loader, Scale, empty};
use crate::commands::dev::is_release;
use crate::commands::import::import;
use crate::progress::seconds;
use crate::stack::layout::{Layout as Stack, Profile};
use crate::stack::state::read_stack;

/// The whole data set
#[derive(clap::Args, Debug)]
pub(crate) struct SetCommand {
    /// How large it is
    #[arg(long, value_enum, default_value_t = Scale::Small)]
    scale: Scale,
    /// The same seed makes the same data
    #[arg(long, default_value_t = super::DEFAULT_SEED)]
    seed: u64,
    /// The day on which the data is thought, YYYY-MM-DD: open projects end after it [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    as_of: Option<Date>,
    /// Empty every table first, contractors and imports included
    #[arg(long)]
    reset_data: bool,
    /// Load into this database instead of the running stack's; contractors, which go through the import, are left out
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl SetCommand {
    /// The data set of this size as of today.
    pub(crate) fn of(scale: Scale) -> Self {
        Self {
            scale,
            seed: super::DEFAULT_SEED,
            as_of: None,
            reset_data: false,
            database: None,
        }
    }

    /// Loads what is not there yet into the running stack of `dev`, or into the database that was named.
    pub(crate) async fn run(self) -> Result<()> {
        if let Some(url) = &self.database {
            let connection = PgConnection::connect(url)
                .await
                .context("cannot connect to the database")?;
            return self.loader(connection).await?.load().await;
        }
        let layout = Stack::find(Profile::Dev).await?;
        let stack = read_stack(&layout)?;
        self.load_stack(&stack, &layout.state).await?;
        // The accounts came with the other rows, without passwords.
        accounts::open(&stack, &layout.binaries(is_release(&stack))).await
    }

    /// Loads what is not there yet into a running stack, the content of its `stack.json`. The licence file is kept in `folder`.
    pub(crate) async fn load_stack(self, stack: &Value, folder: &Path) -> Result<()> {
        let started = Instant::now();
        let mut loader = self.loader(connect(stack).await?).await?;
        if !loader.has_contractors() {
            let file = self.write_contractors(loader.as_of(), folder)?;
            import(stack, &file, false).await?;
        }
        loader.contractors_are_in().await?;
        loader.load().await?;
        println!(
            "ok   data set {} of seed {} ({})",
            self.scale.name(),
            self.seed,
            seconds(started.elapsed())
        );
        Ok(())
    }

    async fn loader(&self, mut connection: PgConnection) -> Result<Loader> {
        if self.reset_data {
            println!("ok   emptied {} tables", empty(&mut connection).await?);
        }
        Loader::new(
            connection,
            self.seed,
            self.scale,
            self.as_of.unwrap_or_else(today),
        )
        .await
    }

    fn write_contractors(&self, as_of: Date, folder: &Path) -> Result<PathBuf> {
        let rows = self.scale.contractors();
        let path = folder.join(format!("contractors-{}-{}.csv", self.scale.name(), self.seed));
        let recipe = Recipe {
            seed: self.seed,
            spread: self.scale.spread(),
            rows,
            drop: 0,
            change: 0,
            add: 0,
            layout: Layout::LicenseMaster,
            encoding: Encoding::Utf8,
            as_of,
            with_rejects: false,
            cut: false,
        };
        let started = Instant::now();
        let progress = Progress::rows("writing licences", rows);
        let written = write_file(&path, &recipe, |done| progress.at(done))?;
        progress.finish();
        println!(
            "ok   {}: {} ({})",
            path.display(),
            describe(&written),
            seconds(started.elapsed())
        );
        Ok(path)
    }
}

/// A connection to the running stack's database, as its owner.
///
/// # Errors
/// When there is none.
pub(super) async fn connect(stack: &Value) -> Result<PgConnection> {
    let url = stack.pointer("/databases/owner/primary").and_then(Value::as_str);
    let url = url.context("stack.json holds no address of the owner's database")?;
    let connection = PgConnection::connect(url).await;
    connection.context("cannot connect to the stack's database")
}
