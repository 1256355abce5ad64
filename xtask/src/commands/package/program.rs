//! What a program asks of the machine that it runs on.

use crate::shell;
use anyhow::{Context, Result};
use std::fmt;
use std::path::Path;
use tokio::process::Command;

/// A version of the C library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(pub(super) u32, pub(super) u32);

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.0, self.1)
    }
}

/// The newest version of the C library that a program needs something of.
pub(super) async fn glibc(program: &Path) -> Result<Version> {
    let mut nm = Command::new("nm");
    nm.args(["--dynamic", "--with-symbol-versions"]).arg(program);
    let symbols = shell::capture(&mut nm).await?;
    newest(&symbols).with_context(|| format!("{} names no version of glibc", program.display()))
}

/// Symbols are listed as `U memcpy@GLIBC_2.14`.
fn newest(symbols: &str) -> Option<Version> {
    let versions = symbols.split_whitespace().filter_map(|word| {
        let (major, minor) = word.split_once("@GLIBC_")?.1.split_once('.')?;
        // Of 2.2.5 the first two parts.
        let minor = minor.split('.').next()?;
        Some(Version(major.parse().ok()?, minor.parse().ok()?))
    });
    versions.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_counts() {
        let symbols =
            "                 U memcpy@GLIBC_2.14\n  U write@GLIBC_2.2.5\n U stat@GLIBC_2.33\n U other\n";
        assert_eq!(newest(symbols), Some(Version(2, 33)));
        assert_eq!(newest("U other\n"), None);
        assert!(Version(2, 4) < Version(2, 34) && Version(2, 36) > Version(2, 34));
    }
}
