//! `openapi`: the committed document that `docs` serves, merged from every function's part.

use crate::shell;
use anyhow::{Context, Result};

/// Write it, or only check it.
#[derive(clap::Args)]
pub(crate) struct Command {
    /// Fail when the committed document is not what the code makes, instead of writing it
    #[arg(long)]
    check: bool,
}

impl Command {
    /// Writes or checks the document.
    pub(crate) async fn run(self) -> Result<()> {
        if self.check { check().await } else { write().await }
    }
}

/// Writes the document.
pub(crate) async fn write() -> Result<()> {
    merge("write").await
}

/// An error when the committed document is stale.
pub(crate) async fn check() -> Result<()> {
    merge("check")
        .await
        .context("the OpenAPI document is stale: run `cargo xtask openapi` and commit it")
}

/// Only a program that knows every function can merge their parts, and this one knows none (see `Cargo.toml`).
async fn merge(mode: &str) -> Result<()> {
    shell::run(shell::cargo().args(["run", "--quiet", "--bin", "openapi", "--", mode])).await
}
