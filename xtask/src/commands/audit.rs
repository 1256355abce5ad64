//! `audit`: looks whether the audit is still what was sealed.

use crate::stack::layout::{Layout, Profile};
use crate::stack::state;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::path::PathBuf;

/// What to do with the audit.
#[derive(clap::Args)]
pub(crate) struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Compute the chain of digests again and compare it with the seals in S3 and in the database
    Verify(Range),
}

/// Which days, in UTC.
#[derive(clap::Args)]
struct Range {
    /// The first day, as 2026-08-24; the first that was sealed unless given
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// The last day; the last that was sealed unless given
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// The stack.json of another stack than that of `dev`; PORTAL_STACK may name it too
    #[arg(long)]
    stack: Option<PathBuf>,
}

impl Command {
    /// Runs the command; an error, and so the exit code 1, when anything is not as it was sealed.
    pub(crate) async fn run(self) -> Result<()> {
        let Action::Verify(range) = self.action;
        let named = range
            .stack
            .clone()
            .or_else(|| std::env::var_os("PORTAL_STACK").map(PathBuf::from));
        let stack = match named {
            Some(file) => {
                let text = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
                serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", file.display()))?
            }
            None => state::read_stack(&Layout::find(Profile::Dev).await?)?,
        };
        let details = verify(&stack, &range).await?;
        let findings = details.get("findings").and_then(Value::as_array);
        let findings = findings.context("the function maintenance gave no findings; see its log")?;
        for finding in findings {
            println!("{}  {}", text(finding, "day"), text(finding, "problem"));
            println!("  expected  {}", text(finding, "expected"));
            println!("  found     {}", text(finding, "found"));
        }
        let count = |name: &str| details.get(name).and_then(Value::as_u64).unwrap_or_default();
        println!(
            "{} days and {} rows compared; sealed until {}",
            count("days"),
            count("rows"),
            text(&details, "sealedUntil")
        );
        if !findings.is_empty() {
            bail!("{} findings: the audit is not what was sealed", findings.len());
        }
        Ok(())
    }
}

/// Has the function `maintenance` do it, with the rights that it has in production.
async fn verify(stack: &Value, range: &Range) -> Result<Value> {
    let url = stack
        .get("invocationsUrl")
        .and_then(Value::as_str)
        .context("stack.json names no invocations")?;
    let mut detail = json!({ "step": "audit-verify" });
    for (name, day) in [("from", &range.from), ("to", &range.to)] {
        if let (Some(detail), Some(day)) = (detail.as_object_mut(), day) {
            detail.insert(name.to_owned(), json!(day));
        }
    }
    let client = reqwest::Client::builder().no_proxy().build()?;
    let answer = client
        .post(format!("{url}/maintenance/invocations"))
        .json(&json!({ "detail": detail }))
        .send()
        .await
        .context("cannot reach the function maintenance; is the stack running?")?;
    let status = answer.status();
    let said: Value = answer
        .json()
        .await
        .context("the function maintenance answered no JSON")?;
    if !status.is_success() || said.get("errorMessage").is_some() {
        bail!("the audit was not verified: {}", text(&said, "errorMessage"));
    }
    Ok(said.get("details").cloned().unwrap_or_default())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or("-")
}
