//! `keys`: the keys that tokens are signed with, and those that seal what is stored encrypted.

use crate::progress::step;
use crate::stack::aws::Aws;
use crate::stack::layout::{Layout, Profile};
use crate::stack::{state, token_keys};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::fs::{DirBuilder, File};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// What to do with them.
#[derive(clap::Args)]
pub(crate) struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Make the first keys of a deployment, a file for each secret, to be written into Secrets Manager and then deleted
    Make {
        /// The folder; it must not be there yet
        #[arg(long)]
        out: PathBuf,
    },
    /// Sign with a new key from now on; tokens of the keys before it stay good
    Rotate {
        /// The stack.json of the stack, where it is not the one that `dev` started
        #[arg(long)]
        stack: Option<PathBuf>,
    },
    /// Seal with a new key from now on, and seal anew what is stored; takes two minutes
    RotateData {
        /// The stack.json of the stack, where it is not the one that `dev` started
        #[arg(long)]
        stack: Option<PathBuf>,
    },
}

impl Command {
    /// Does it.
    pub(crate) async fn run(self) -> Result<()> {
        match self.action {
            Action::Make { out } => make(&out).await,
            Action::Rotate { stack } => rotate(&describe(stack).await?).await,
            Action::RotateData { stack } => rotate_data(&describe(stack).await?).await,
        }
    }
}

/// Writes files that nobody else can read.
async fn make(folder: &Path) -> Result<()> {
    DirBuilder::new()
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, content) in token_keys::fresh().await? {
        let path = folder.join(format!("{name}.json"));
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        file.write_all(content.as_bytes())?;
        println!("{}", path.display());
    }
    println!("write each into its secret (docs/deployment.md), and delete the folder");
    Ok(())
}

async fn rotate(stack: &Value) -> Result<()> {
    let aws = connect(stack)?;
    let id = step("a new key, published before it signs", token_keys::rotate(&aws)).await?;
    println!("tokens are signed with {id} within five minutes; those of the keys before it stay good");
    Ok(())
}

async fn rotate_data(stack: &Value) -> Result<()> {
    let aws = connect(stack)?;
    let id = step("a new key", token_keys::rotate_data(&aws)).await?;
    let resealed = step(
        "everything sealed anew, and once more when nobody uses the old key",
        reencrypt(stack),
    )
    .await?;
    println!("{resealed} values are sealed with {id} now; the keys before it are kept for the backups");
    Ok(())
}

/// Has the function `maintenance` do it, again and again until it says that nothing is left. How many values it was.
async fn reencrypt(stack: &Value) -> Result<u64> {
    let url = stack.get("invocationsUrl").and_then(Value::as_str);
    let url = format!(
        "{}/maintenance/invocations",
        url.context("stack.json names no invocationsUrl")?
    );
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut resealed = 0;
    loop {
        let event = json!({ "detail": { "step": "reencrypt" } });
        let answer = client.post(&url).json(&event).send().await;
        let answer = answer.context("cannot reach the function maintenance; is the stack running?")?;
        let said: Value = answer
            .json()
            .await
            .context("the function maintenance answered no JSON")?;
        let Some(details) = said.get("details") else {
            bail!(
                "the keys are rotated, but not everything was sealed anew; run the step reencrypt again: {said}"
            );
        };
        resealed += details
            .get("resealed")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        if details.get("complete") == Some(&Value::Bool(true)) {
            return Ok(resealed);
        }
    }
}

fn connect(stack: &Value) -> Result<Aws> {
    let endpoint = stack.get("awsEndpoint").and_then(Value::as_str);
    Ok(Aws::connect(endpoint.context("stack.json names no awsEndpoint")?))
}

async fn describe(file: Option<PathBuf>) -> Result<Value> {
    let Some(file) = file else {
        return state::read_stack(&Layout::find(Profile::Dev).await?);
    };
    let text = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", file.display()))
}
