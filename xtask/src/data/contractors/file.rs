//! Writes a licence file, row by row: memory does not grow with the file.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use time::Date;

use super::encoding::Encoding;
use super::layout::Layout;
use super::licence::Licence;
use super::{quirks, rejects};
use crate::data::dates::american;
use crate::data::places::{Atlas, Spread};
use crate::data::random::{Random, Shuffle};

/// Which file to write. The rows depend on the seed and the spread alone; the rest says which of them are in the file, and how.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) seed: u64,
    pub(crate) spread: Spread,
    /// Rows of the first day.
    pub(crate) rows: u64,
    /// How many of those have vanished since.
    pub(crate) drop: u64,
    /// How many of those that are left say something else now.
    pub(crate) change: u64,
    /// How many are new.
    pub(crate) add: u64,
    pub(crate) layout: Layout,
    pub(crate) encoding: Encoding,
    /// `LastUpdate`.
    pub(crate) as_of: Date,
    /// Whether a few rows are beyond repair.
    pub(crate) with_rejects: bool,
    /// Whether the file ends in the middle of its last row.
    pub(crate) cut: bool,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// Good rows.
    pub(crate) rows: u64,
    pub(crate) rejects: u64,
    pub(crate) bytes: u64,
}

/// Writes the file, telling `progress` how many rows there are so far.
///
/// # Errors
/// When the recipe asks for more dropped and changed rows than there are, or the file cannot be written.
pub(crate) fn write_file(path: &Path, recipe: &Recipe, progress: impl FnMut(u64)) -> Result<Written> {
    ensure!(
        recipe.drop + recipe.change <= recipe.rows,
        "a file of {} rows cannot drop {} and change {} of them",
        recipe.rows,
        recipe.drop,
        recipe.change
    );
    let file = File::create(path).with_context(|| format!("cannot create {}", path.display()))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let written =
        write_rows(&mut out, recipe, progress).with_context(|| format!("cannot write {}", path.display()))?;
    out.flush()
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(written)
}

fn write_rows(
    out: &mut impl std::io::Write,
    recipe: &Recipe,
    mut progress: impl FnMut(u64),
) -> Result<Written> {
    let writer = Writer::new(recipe)?;
    let mut written = Written::default();
    let mut put = |bytes: &[u8]| -> std::io::Result<()> {
        written.bytes += bytes.len() as u64;
        out.write_all(bytes)
    };
    put(recipe.encoding.mark())?;
    put(format!("{}\r\n", recipe.layout.header()).as_bytes())?;
    let last = recipe.rows + recipe.add;
    let mut line = String::with_capacity(1024);
    for index in 0..last {
        line.clear();
        let cut = recipe.cut && index + 1 == last;
        match writer.line(index, &mut line)? {
            Fate::Dropped => continue,
            Fate::Good => written.rows += u64::from(!cut),
            Fate::Reject => written.rejects += 1,
        }
        if cut {
            cut_in_half(&mut line);
        }
        put(&recipe.encoding.encode(&line, index))?;
        progress(index + 1);
    }
    Ok(written)
}

/// What becomes of a row.
enum Fate {
    Good,
    Dropped,
    Reject,
}

struct Writer<'a> {
    recipe: &'a Recipe,
    atlas: Atlas,
    shuffle: Shuffle,
    last_update: String,
}

impl<'a> Writer<'a> {
    fn new(recipe: &'a Recipe) -> Result<Self> {
        Ok(Self {
            recipe,
            atlas: Atlas::load()?,
            shuffle: Shuffle::new(recipe.seed, recipe.rows),
            last_update: american(recipe.as_of),
        })
    }

    fn line(&self, index: u64, line: &mut String) -> Result<Fate> {
        let recipe = self.recipe;
        let rank = if index < recipe.rows {
            self.shuffle.rank(index)
        } else {
            u64::MAX
        };
        if rank < recipe.drop {
            return Ok(Fate::Dropped);
        }
        let mut licence = Licence::draw(recipe.seed, index, &self.atlas, recipe.spread)?;
        if rank < recipe.drop + recipe.change {
            let mut random = Random::for_row(recipe.seed, "change", index);
            quirks::change(&mut licence, &mut random, &self.atlas, recipe.spread)?;
        }
        // Rejects sit at the far end of the shuffling, away from what is dropped or changed.
        let from_end = recipe.rows.saturating_sub(rank.saturating_add(1));
        if recipe.with_rejects && index < recipe.rows && from_end < rejects::COUNT {
            rejects::write(from_end, recipe.layout, &licence, &self.last_update, line);
            return Ok(Fate::Reject);
        }
        recipe.layout.write(&licence, &self.last_update, line);
        Ok(Fate::Good)
    }
}

/// Cuts the line as a broken download does, at a letter's border.
fn cut_in_half(line: &mut String) {
    let mut half = line.len() / 2;
    while !line.is_char_boundary(half) {
        half -= 1;
    }
    line.truncate(half);
}
