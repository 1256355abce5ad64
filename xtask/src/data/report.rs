//! Showing how far a long step has come.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on a terminal, nothing elsewhere.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for `total` rows.
    pub(crate) fn rows(name: &str, total: u64) -> Self {
        if !std::io::stdout().is_terminal() {
            return Self {
                bar: ProgressBar::hidden(),
            };
        }
        let bar = ProgressBar::new(total).with_message(name.to_owned());
        if let Ok(style) =
            ProgressStyle::with_template("     {msg} {bar:30} {human_pos} of {human_len} ({eta} left)")
        {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// `done` rows are through. Cheap enough for every row.
    pub(crate) fn at(&self, done: u64) {
        if done.is_multiple_of(1024) {
            self.bar.set_position(done);
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
