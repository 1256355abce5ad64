//! `bless`: regenerates what is committed but made from code, after the code changed on purpose.

use super::openapi;
use super::queries;
use crate::progress::step;
use crate::stack::install;
use anyhow::Result;

/// Nothing to choose.
#[derive(clap::Args)]
pub(crate) struct Command {}

impl Command {
    /// Writes `.sqlx` and the OpenAPI document.
    pub(crate) async fn run(self) -> Result<()> {
        install::packages().await?;
        step("query metadata (.sqlx)", queries::regenerate()).await?;
        step("OpenAPI document", openapi::write()).await
    }
}
