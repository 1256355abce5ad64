//! The SQL of requests, taken from the servers' logs: what pgbench runs beside them is what they send, and stays so.

use super::log::{Transaction, transactions};
use super::script::{Types, script};
use super::stage::Stage;
use crate::load::request::Request;
use crate::stack::state::log_file;
use anyhow::{Context, Result, bail};
use sqlx::Executor;
use sqlx::postgres::PgConnection;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

/// How often the log is looked into for a request, and how long between two looks.
const LOOKS: usize = 50;
const LOOK: Duration = Duration::from_millis(20);
/// How many requests of a case are looked at: its others are like them.
const VARIANTS: usize = 20;

/// What pgbench runs for a case.
#[derive(Clone, Debug, Default)]
pub(super) struct Bare {
    /// The role, and the server (`primary`, `replica`).
    pub(super) role: String,
    pub(super) node: &'static str,
    /// One script for each variant.
    pub(super) scripts: Vec<String>,
}

/// Servers that log what they execute.
pub(super) struct Capture {
    nodes: Vec<Node>,
    types: Types,
}

struct Node {
    name: &'static str,
    log: PathBuf,
    owner: PgConnection,
}

impl Capture {
    /// Has both servers log every statement with its values. Their data is made up.
    pub(super) async fn begin(stage: &Stage<'_>) -> Result<Self> {
        let mut nodes = Vec::new();
        for name in ["replica", "primary"] {
            nodes.push(Node {
                name,
                log: log_file(&stage.layout.logs(), name),
                owner: stage.owner(name).await?,
            });
        }
        let mut capture = Self {
            nodes,
            types: Types::read(&stage.layout.root)?,
        };
        let set = "ALTER SYSTEM SET log_statement = 'all'; ALTER SYSTEM SET log_parameter_max_length = -1";
        capture.configure(set).await?;
        Ok(capture)
    }

    /// Has them log as before. Also what makes an unfinished run of before harmless.
    pub(super) async fn end(mut self) -> Result<()> {
        self.configure("ALTER SYSTEM RESET log_statement; ALTER SYSTEM RESET log_parameter_max_length")
            .await
    }

    async fn configure(&mut self, statements: &str) -> Result<()> {
        for node in &mut self.nodes {
            // ALTER SYSTEM is refused in a transaction, as several statements at once are one.
            for statement in statements.split("; ") {
                node.owner.execute(statement).await?;
            }
            node.owner.execute("SELECT pg_reload_conf()").await?;
        }
        // Sessions notice at their next statement, the server in its own time.
        tokio::time::sleep(Duration::from_millis(500)).await;
        Ok(())
    }

    /// What some of these requests send, each sent once.
    pub(super) async fn bare(&self, stage: &Stage<'_>, requests: &[Request]) -> Result<Bare> {
        let mut bare = Bare::default();
        for request in requests.iter().take(VARIANTS) {
            let (node, found) = self.one(stage, request).await?;
            // What a request has asked elsewhere before it was told to go on is no part of its cost.
            if let Some(transaction) = found.last() {
                bare.role.clone_from(&transaction.user);
                bare.node = node;
                bare.scripts
                    .push(found.iter().map(|one| script(one, &self.types)).collect());
            }
        }
        if bare.scripts.is_empty() {
            bail!("no request of these was seen in the servers' logs");
        }
        Ok(bare)
    }

    /// The transactions of one request, and the server that they ran on.
    async fn one(&self, stage: &Stage<'_>, request: &Request) -> Result<(&'static str, Vec<Transaction>)> {
        let ends: Vec<u64> = self.nodes.iter().map(|node| length(&node.log)).collect();
        let id = Uuid::now_v7().to_string();
        let answer = stage
            .ask(request.clone().header("x-request-id", id.clone()))
            .await?;
        if !(200..300).contains(&answer.status) {
            bail!("{} was answered {}", request.path(), answer.status);
        }
        for _ in 0..LOOKS {
            for (node, end) in self.nodes.iter().zip(&ends) {
                let found = transactions(&since(&node.log, *end)?, &id);
                if !found.is_empty() {
                    return Ok((node.name, found));
                }
            }
            tokio::time::sleep(LOOK).await;
        }
        bail!("the statements of {} are in no server's log", request.path())
    }
}

fn length(log: &Path) -> u64 {
    std::fs::metadata(log).map(|file| file.len()).unwrap_or_default()
}

/// What a log holds past an offset.
fn since(log: &Path, offset: u64) -> Result<String> {
    let mut file = File::open(log).with_context(|| format!("cannot read {}", log.display()))?;
    file.seek(SeekFrom::Start(offset))?;
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
