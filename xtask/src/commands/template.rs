//! Checks of the deployment's template. `tests/tests/template` compares it with the code besides.

use crate::shell;
use crate::stack::install;
use crate::stack::layout::Layout;
use anyhow::{Context, Result};
use tokio::process::Command;

/// The template, from the workspace's folder.
const TEMPLATE: &str = "template.yaml";
/// A region has to be named, and nothing is asked of it.
const REGION: &str = "us-west-2";

/// cfn-lint, `sam validate --lint`, and SAM's own transform, which refuses what the two let through.
pub(crate) async fn check(layout: &Layout) -> Result<()> {
    install::deploy_tools(layout).await?;
    shell::run(tool(layout, "cfn-lint").args(["--non-zero-exit-code", "informational", TEMPLATE])).await?;
    let mut validate = tool(layout, "sam");
    validate.args([
        "validate",
        "--lint",
        "--region",
        REGION,
        "--template-file",
        TEMPLATE,
    ]);
    shell::run(validate.env("SAM_CLI_TELEMETRY", "0")).await?;
    let mut expand = tool(layout, "python");
    expand.args(["xtask/expand_template.py", TEMPLATE]);
    shell::capture(&mut expand)
        .await
        .context("SAM does not take the template")
        .map(drop)
}

fn tool(layout: &Layout, name: &str) -> Command {
    let mut command = Command::new(install::deploy_tool(layout, name));
    command.current_dir(&layout.root);
    command
}
