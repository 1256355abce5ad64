//! The load of every drill: members who read all kinds of lists, and people who post projects and read what they wrote.

use super::ground::Ground;
use crate::load::Target;
use crate::load::crowd::{self, GOOD};
use crate::load::member::{Member, gateway};
use crate::load::request::{Answer, Request};
use crate::load::samples::{Outcome, Sample};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

const READERS: usize = 6;
const WRITERS: usize = 2;
/// Between two requests of one client: the machine is to be busy, not full, or waiting would hide what an outage does.
const THINK: Duration = Duration::from_millis(30);
/// How much longer a load may go on than was planned: a server takes its time to come back.
const MARGIN: Duration = Duration::from_secs(60);

/// The load, under way.
pub(super) struct MixedLoad {
    begun: Instant,
    stop: watch::Sender<bool>,
    readers: Vec<JoinHandle<Vec<Sample>>>,
    writers: Vec<JoinHandle<Written>>,
}

/// What a writer saw.
#[derive(Default)]
struct Written {
    writes: Vec<Sample>,
    /// Of what was just written.
    reads: Vec<Sample>,
    acknowledged: Vec<Uuid>,
}

/// What all of them met.
pub(super) struct Met {
    pub(super) begun: Instant,
    pub(super) during: Duration,
    pub(super) reads: Vec<Sample>,
    pub(super) writes: Vec<Sample>,
    /// The ids of the rows that were answered for.
    pub(super) acknowledged: Vec<Uuid>,
}

impl MixedLoad {
    /// Starts it. It goes on until [`MixedLoad::end`], about so long.
    pub(super) async fn begin(ground: &Ground<'_>, planned: Duration) -> Result<Self> {
        let target = Target::Gateway(gateway(&ground.stack)?);
        let mut owner = ground.owner("primary").await?;
        let reading = format!("SELECT id FROM {GOOD} ORDER BY created_at, id LIMIT {READERS}");
        let members = crowd::found(&ground.stack, &mut owner, &reading).await?;
        let paths = paths(&mut owner).await?;
        let each = crowd::enough(planned + MARGIN, THINK);
        let posters = crowd::joined(&ground.stack, &mut owner, WRITERS * each, "project_manager").await?;
        let begun = Instant::now();
        let (stop, stopped) = watch::channel(false);
        let readers = members.iter().enumerate().map(|(number, member)| {
            let requests = paths.iter().map(|path| Request::get(path).of(member));
            let work = read(target.clone(), requests.collect(), number, begun, stopped.clone());
            ground.apart.begin(work)
        });
        let readers = readers.collect();
        let writers = posters.chunks(each).map(|posters| {
            let work = write(target.clone(), posters.to_vec(), begun, stopped.clone());
            ground.apart.begin(work)
        });
        let writers = writers.collect();
        Ok(Self {
            begun,
            stop,
            readers,
            writers,
        })
    }

    /// Ends it once every request under way is answered.
    pub(super) async fn end(self) -> Result<Met> {
        self.stop.send(true).ok();
        let mut met = Met {
            begun: self.begun,
            during: Duration::ZERO,
            reads: Vec::new(),
            writes: Vec::new(),
            acknowledged: Vec::new(),
        };
        for reader in self.readers {
            met.reads.extend(reader.await.context("a reader failed")?);
        }
        for writer in self.writers {
            let written = writer.await.context("a writer failed")?;
            met.reads.extend(written.reads);
            met.writes.extend(written.writes);
            met.acknowledged.extend(written.acknowledged);
        }
        met.during = self.begun.elapsed();
        Ok(met)
    }
}

impl Met {
    /// How many rows that were answered for are not there.
    pub(super) async fn lost(&self, owner: &mut PgConnection) -> Result<usize> {
        let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM projects WHERE id = ANY ($1)")
            .bind(&self.acknowledged)
            .fetch_one(owner)
            .await?;
        Ok(self.acknowledged.len().saturating_sub(usize::try_from(kept)?))
    }
}

/// Lists, single rows, searches and inboxes.
async fn paths(owner: &mut PgConnection) -> Result<Vec<String>> {
    let firms: Vec<String> = sqlx::query_scalar(
        "SELECT license_number FROM california_contractors ORDER BY md5(license_number) LIMIT 20",
    )
    .fetch_all(owner)
    .await?;
    let lists = [
        "/v1/contractors?near=37.7749,-122.4194&radiusMiles=20",
        "/v1/contractors?class=B&city=Oakland",
        "/v1/projects",
        "/v1/projects/near?near=37.8044,-122.2712&radiusMiles=25",
        "/v1/members?city=Oakland",
        "/v1/search?q=concrete",
        "/v1/search/suggest?q=con",
        "/v1/events",
        "/v1/courses",
        "/v1/conversations",
        "/v1/messages/unread",
        "/v1/members/me",
        "/v1/auth/me",
        "/v1/membership",
    ];
    let lists = lists.into_iter().map(str::to_owned);
    let firms = firms.into_iter().map(|firm| format!("/v1/contractors/{firm}"));
    Ok(lists.chain(firms).collect())
}

async fn read(
    target: Target,
    requests: Vec<Request>,
    first: usize,
    begun: Instant,
    stopped: watch::Receiver<bool>,
) -> Vec<Sample> {
    let mut client = target.client();
    let mut samples = Vec::new();
    for request in requests.iter().cycle().skip(first * 5) {
        if *stopped.borrow() {
            break;
        }
        let sent = Instant::now();
        let outcome = client.outcome(request).await;
        samples.push(sample(begun, sent, outcome));
        tokio::time::sleep(THINK).await;
    }
    samples
}

/// Posts drafts, each person in turn, and reads each back at once with the token of its write. What is answered is there for good; a write without an
/// answer may have happened or not.
async fn write(
    target: Target,
    posters: Vec<Arc<Member>>,
    begun: Instant,
    stopped: watch::Receiver<bool>,
) -> Written {
    let mut client = target.client();
    let mut written = Written::default();
    for poster in posters.iter().cycle() {
        if *stopped.borrow() {
            break;
        }
        let body = json!({ "title": "Written in a drill", "category": "COMMERCIAL" });
        let post = Request::new("POST", "/v1/projects", Some(body))
            .of(poster)
            .header("idempotency-key", Uuid::now_v7().to_string());
        let sent = Instant::now();
        let answer = client.send(&post).await;
        let outcome = answer.as_ref().map_or_else(|outcome| *outcome, Answer::outcome);
        written.writes.push(sample(begun, sent, outcome));
        if let Some((id, token)) = answer.ok().as_ref().and_then(acknowledged) {
            written.acknowledged.push(id);
            let get = Request::get(format!("/v1/projects/{id}"))
                .of(poster)
                .header("portal-consistency", token);
            let sent = Instant::now();
            let outcome = match client.outcome(&get).await {
                Outcome::Status { code: 404, .. } => Outcome::Wrong("own write not seen"),
                outcome => outcome,
            };
            written.reads.push(sample(begun, sent, outcome));
        }
        tokio::time::sleep(THINK).await;
    }
    written
}

/// The id of a row that was written, and the token of the write.
fn acknowledged(answer: &Answer) -> Option<(Uuid, String)> {
    let id = answer.json().get("id").and_then(Value::as_str)?.parse().ok()?;
    let token = answer.header("portal-consistency")?.to_owned();
    (answer.status == 201).then_some((id, token))
}

fn sample(begun: Instant, sent: Instant, outcome: Outcome) -> Sample {
    Sample {
        ended: begun.elapsed(),
        took: sent.elapsed(),
        outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn only_an_answered_row_counts_as_written() {
        let id = Uuid::now_v7();
        let answer = |status, id: &str| Answer {
            status,
            headers: BTreeMap::from([("portal-consistency".to_owned(), "1f".to_owned())]),
            body: json!({ "id": id }).to_string().into(),
        };
        assert_eq!(
            acknowledged(&answer(201, &id.to_string())),
            Some((id, "1f".to_owned()))
        );
        assert_eq!(acknowledged(&answer(503, &id.to_string())), None);
        assert_eq!(acknowledged(&answer(201, "?")), None);
    }
}
