//! `cargo xtask data csv`: a licence file alone.

use std::path::PathBuf;

use anyhow::Result;
use time::Date;

use super::contractors::{Encoding, Layout, Recipe, Written, write_file};
use super::dates::{FILE_DAY, parse_date, shifted};
use super::places::Spread;
use super::report::Progress;

/// Write a licence file as the state publishes it, and nothing else
#[derive(clap::Args, Debug)]
pub(crate) struct CsvCommand {
    /// Rows of the first day's file
    #[arg(long)]
    rows: u64,
    /// Where to write it
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The same seed makes the same rows
    #[arg(long, default_value_t = super::DEFAULT_SEED)]
    seed: u64,
    /// The board's county list (24 columns) instead of the License Master (52)
    #[arg(long)]
    county_list: bool,
    /// A later day's file: this many rows of the first day have vanished
    #[arg(long, value_name = "N", default_value_t = 0)]
    drop: u64,
    /// A later day's file: this many rows differ from the first day's
    #[arg(long, value_name = "N", default_value_t = 0)]
    change: u64,
    /// A later day's file: this many rows are new
    #[arg(long, value_name = "N", default_value_t = 0)]
    add: u64,
    /// How letters become bytes
    #[arg(long, value_enum, default_value_t)]
    encoding: Encoding,
    /// Add a dozen rows that no import can take
    #[arg(long)]
    with_rejects: bool,
    /// End in the middle of the last row, as a broken download does
    #[arg(long)]
    cut: bool,
    /// Crowd the firms around San Francisco, Oakland and Sacramento
    #[arg(long)]
    demo: bool,
    /// The file's LastUpdate, YYYY-MM-DD [default: a fixed day, the day after it for a later day's file]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    as_of: Option<Date>,
}

impl CsvCommand {
    /// Writes the file and says what it holds.
    pub(crate) fn run(self) -> Result<()> {
        let out = self.out.clone();
        let progress = Progress::rows("writing licences", self.rows + self.add);
        let written = write_file(&out, &self.recipe(), |done| progress.at(done))?;
        progress.finish();
        println!("{}: {}", out.display(), describe(&written));
        Ok(())
    }

    fn recipe(self) -> Recipe {
        let later = self.drop + self.change + self.add > 0;
        Recipe {
            seed: self.seed,
            spread: if self.demo {
                Spread::Demo
            } else {
                Spread::Statewide
            },
            rows: self.rows,
            drop: self.drop,
            change: self.change,
            add: self.add,
            layout: if self.county_list {
                Layout::CountyList
            } else {
                Layout::LicenseMaster
            },
            encoding: self.encoding,
            as_of: self.as_of.unwrap_or_else(|| shifted(FILE_DAY, i64::from(later))),
            with_rejects: self.with_rejects,
            cut: self.cut,
        }
    }
}

/// One line about a file.
pub(crate) fn describe(written: &Written) -> String {
    let rejects = match written.rejects {
        0 => String::new(),
        rejects => format!(" and {rejects} rows beyond repair"),
    };
    format!("{} rows{rejects}, {} bytes", written.rows, written.bytes)
}
