//! Files that are sent to S3 while it is in trouble.

use super::ground::Ground;
use crate::load::crowd;
use crate::load::gateway::Connection;
use crate::load::member::{Member, gateway};
use crate::load::request::Request;
use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Between two files.
const PAUSE: Duration = Duration::from_millis(200);
/// How long the sweep may take to find what was missed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Files under way.
pub(super) struct Uploads {
    stop: watch::Sender<bool>,
    work: JoinHandle<Result<Told>>,
}

/// What S3 said of them.
#[derive(Default)]
struct Told {
    taken: Vec<Uuid>,
    refused: usize,
}

/// What became of them.
pub(super) struct Sent {
    pub(super) announced: usize,
    pub(super) taken: usize,
    pub(super) refused: usize,
    pub(super) stored: usize,
}

impl Uploads {
    /// Begins to send one file after the other, for about so long: each to the project of another of those who do.
    pub(super) async fn begin(ground: &Ground<'_>, planned: Duration) -> Result<Self> {
        let gateway = gateway(&ground.stack)?;
        let mut owner = ground.owner("primary").await?;
        let count = crowd::enough(planned, PAUSE);
        let senders = crowd::joined(&ground.stack, &mut owner, count, "project_manager").await?;
        let mut projects = Vec::new();
        for sender in senders {
            let path = project(gateway, &sender).await?;
            projects.push((sender, path));
        }
        let (stop, stopped) = watch::channel(false);
        let work = ground.apart.begin(send(gateway, projects, stopped));
        Ok(Self { stop, work })
    }

    /// Stops, has the sweep look as if its time had come, and counts what is stored.
    pub(super) async fn end(self, ground: &Ground<'_>) -> Result<Sent> {
        self.stop.send(true).ok();
        let told = self.work.await.context("the files' thread failed")??;
        let mut owner = ground.owner("primary").await?;
        let begun = Instant::now();
        let mut stored = 0;
        while stored < told.taken.len() && begun.elapsed() < PATIENCE {
            // The sweep leaves to its event what is younger than 20 minutes.
            sqlx::query("UPDATE project_files SET created_at = created_at - interval '21 minutes' WHERE id = ANY ($1) AND state = 'PENDING'")
                .bind(&told.taken)
                .execute(&mut owner)
                .await?;
            sweep(&ground.stack).await?;
            let count: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM project_files WHERE id = ANY ($1) AND state = 'STORED'",
            )
            .bind(&told.taken)
            .fetch_one(&mut owner)
            .await?;
            stored = usize::try_from(count)?;
        }
        Ok(Sent {
            announced: told.taken.len() + told.refused,
            taken: told.taken.len(),
            refused: told.refused,
            stored,
        })
    }
}

/// A new project of this member; returns where its files are.
async fn project(gateway: SocketAddr, member: &Arc<Member>) -> Result<String> {
    let body = json!({ "title": "Files of a drill", "category": "COMMERCIAL" });
    let post = Request::new("POST", "/v1/projects", Some(body)).of(member);
    let answer = Connection::to(gateway).send(&post).await?;
    let project = answer.json();
    let project = project.get("id").and_then(Value::as_str);
    let project = project.with_context(|| {
        let said = String::from_utf8_lossy(&answer.body);
        format!("no project for the files: {} {said}", answer.status)
    })?;
    Ok(format!("/v1/projects/{project}/files"))
}

async fn send(
    gateway: SocketAddr,
    projects: Vec<(Arc<Member>, String)>,
    stopped: watch::Receiver<bool>,
) -> Result<Told> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut connection = Connection::to(gateway);
    let mut told = Told::default();
    for (sender, files) in projects.iter().cycle() {
        if *stopped.borrow() {
            break;
        }
        let content = Uuid::now_v7().to_string();
        let checksum = STANDARD.encode(digest(&SHA256, content.as_bytes()));
        let body = json!({
            "name": "Plan.txt",
            "mediaType": "text/plain",
            "sizeBytes": content.len(),
            "checksumSha256": checksum,
        });
        let announce = Request::new("POST", files.as_str(), Some(body)).of(sender);
        let announced = connection.send(&announce).await?;
        ensure!(
            announced.status == 201,
            "a file was not announced: {}",
            announced.status
        );
        let file = announced.json();
        let id = file
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .parse()?;
        if put(&client, &file, content).await? {
            told.taken.push(id);
        } else {
            told.refused += 1;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(told)
}

/// Sends a file's content as its ticket says; whether S3 took it.
async fn put(client: &reqwest::Client, file: &Value, content: String) -> Result<bool> {
    let upload = file.get("upload").context("a file without a ticket")?;
    let url = upload
        .get("url")
        .and_then(Value::as_str)
        .context("a ticket without an address")?;
    let mut request = client.put(url).body(content);
    for (name, value) in upload
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        request = request.header(name, value.as_str().unwrap_or_default());
    }
    Ok(request.send().await?.status().is_success())
}

/// The hourly event of the function `files`.
async fn sweep(stack: &Value) -> Result<()> {
    let url = stack
        .get("invocationsUrl")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let event: Value = serde_json::from_str(include_str!("../../../events/files-schedule.json"))?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    let request = client.post(format!("{url}/files/invocations")).json(&event);
    request
        .send()
        .await?
        .error_for_status()
        .context("the sweep failed")?;
    Ok(())
}
