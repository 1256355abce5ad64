//! Many at once: reads and writes at a fixed rate past the gateway, and people who think through it; and what a connection takes.

use super::cases::Case;
use super::meter::Meter;
use super::people::People;
use super::plan::Plan;
use super::report::{Acquisition, ByClients, Crowd, Throughput};
use super::stage::Stage;
use crate::load::drive::{Source, closed, in_turn, open};
use crate::load::member::Member;
use crate::load::request::Request;
use crate::load::samples::{Figures, milliseconds};
use anyhow::{Context, Result};
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection, Executor};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Of twenty reads: twelve of single rows, five lists, two that search, one inbox.
const MIX: &[(&str, usize)] = &[
    ("contractor", 6),
    ("project", 4),
    ("member", 2),
    ("projects_filter", 2),
    ("contractors_filter", 2),
    ("contractors_near", 1),
    ("suggest", 1),
    ("search_rare", 1),
    ("unread_empty", 1),
];
/// One of so many requests of a person writes.
const WRITES: u64 = 10;
/// More than are ever busy: who is late must not wait for a client.
const CLIENTS: u64 = 64;

/// Reads and writes at the rates of the service levels.
pub(super) async fn throughput(
    stage: &Stage<'_>,
    plan: &Plan,
    cases: &[Case],
    people: &People,
) -> Result<Throughput> {
    people.stay(stage).await?;
    let (reads, writes) = plan.rates;
    let target = stage.past_gateway();
    let reading = open(target.clone(), reads, CLIENTS, plan.long, mixed(cases));
    let writing = open(target, writes, CLIENTS / 4, plan.long, profiles(&people.writers));
    let both = async move { tokio::join!(reading, writing) };
    let meter = Meter::start(stage, "function ")?;
    let (read, written) = stage.apart.run(both).await?;
    Ok(Throughput {
        cost: meter.cost(read.len() + written.len())?,
        reads_per_second: reads,
        writes_per_second: writes,
        seconds: plan.long.as_secs_f64(),
        reads: Figures::of(&read, plan.long),
        writes: Figures::of(&written, plan.long),
    })
}

/// People who read and sometimes write, with a second between two requests.
pub(super) async fn crowd(stage: &Stage<'_>, plan: &Plan, cases: &[Case], people: &People) -> Result<Crowd> {
    people.stay(stage).await?;
    let (reads, writes) = (mixed(cases), profiles(&people.writers));
    let source: Source = Arc::new(move |number| {
        if number.is_multiple_of(WRITES) {
            writes(number / WRITES)
        } else {
            reads(number)
        }
    });
    let load = closed(
        stage.through_gateway()?,
        plan.people,
        plan.long,
        Duration::from_secs(1),
        source,
    );
    let (stop, stopped) = watch::channel(false);
    let counting = count_connections(stage, stopped);
    let working = async {
        let samples = stage.apart.run(load).await;
        stop.send(true).ok();
        samples
    };
    let (samples, connections) = tokio::join!(working, counting);
    Ok(Crowd {
        people: plan.people,
        seconds: plan.long.as_secs_f64(),
        requests: Figures::of(&samples?, plan.long),
        connections: connections?,
    })
}

/// The most connections of the portal's roles at once, over both servers.
async fn count_connections(stage: &Stage<'_>, stopped: watch::Receiver<bool>) -> Result<i64> {
    let mut nodes = [stage.owner("primary").await?, stage.owner("replica").await?];
    let count = r"SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'portal\_%' AND backend_type = 'client backend'";
    let mut most = 0;
    while !*stopped.borrow() {
        let mut now: i64 = 0;
        for node in &mut nodes {
            now += sqlx::query_scalar::<_, i64>(count).fetch_one(node).await?;
        }
        most = most.max(now);
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    Ok(most)
}

/// Reads as members mix them, each kind in turn.
fn mixed(cases: &[Case]) -> Source {
    let kinds: Vec<Source> = MIX
        .iter()
        .filter_map(|(name, share)| {
            let case = cases.iter().find(|case| case.name == *name)?;
            Some(std::iter::repeat_n(in_turn(case.requests.clone()), *share))
        })
        .flatten()
        .collect();
    Arc::new(move |number| {
        let count = u64::try_from(kinds.len()).unwrap_or(u64::MAX).max(1);
        let kind = usize::try_from(number % count)
            .ok()
            .and_then(|place| kinds.get(place));
        kind.map_or_else(|| Request::get("/"), |kind| kind(number / count))
    })
}

/// Members who change a line of their profiles, each their own.
fn profiles(writers: &[Arc<Member>]) -> Source {
    let writers = writers.to_vec();
    Arc::new(move |number| {
        let count = u64::try_from(writers.len()).unwrap_or(u64::MAX).max(1);
        let writer = usize::try_from(number % count)
            .ok()
            .and_then(|place| writers.get(place));
        let body = json!({ "bio": format!("Measured for the {number}th time.") });
        let request = Request::new("PATCH", "/v1/members/me", Some(body));
        match writer {
            Some(member) => request.of(member),
            None => request,
        }
    })
}

/// What it takes to get a connection through the pooler, at each number of clients.
pub(super) async fn acquisition(stage: &Stage<'_>, plan: &Plan) -> Result<Acquisition> {
    let options =
        PgConnectOptions::from_str(stage.url("portal_api", "replicaPooled")?)?.statement_cache_capacity(0);
    let mut acquisition = Acquisition::default();
    for clients in &plan.clients {
        let (opened, borrowed) = stage
            .apart
            .run(acquire(options.clone(), *clients, plan.each))
            .await??;
        acquisition.opened.insert(*clients, opened);
        acquisition.borrowed.insert(*clients, borrowed);
    }
    Ok(acquisition)
}

async fn acquire(options: PgConnectOptions, clients: u64, during: Duration) -> Result<(Figures, Figures)> {
    let mut running = JoinSet::new();
    for _ in 0..clients {
        let options = options.clone();
        running.spawn(async move {
            let begun = Instant::now();
            let (mut opened, mut borrowed) = (Vec::new(), Vec::new());
            while begun.elapsed() < during {
                let asked = Instant::now();
                let mut connection = PgConnection::connect_with(&options).await?;
                opened.push(milliseconds(asked.elapsed()));
                for _ in 0..10 {
                    let asked = Instant::now();
                    connection.execute("BEGIN").await?;
                    borrowed.push(milliseconds(asked.elapsed()));
                    connection.execute("COMMIT").await?;
                }
                connection.close().await?;
            }
            Ok::<_, sqlx::Error>((opened, borrowed))
        });
    }
    let (mut opened, mut borrowed) = (Vec::new(), Vec::new());
    for client in running.join_all().await {
        let (more_opened, more_borrowed) = client.context("no connection through the pooler")?;
        opened.extend(more_opened);
        borrowed.extend(more_borrowed);
    }
    Ok((
        Figures::of_times(opened, during),
        Figures::of_times(borrowed, during),
    ))
}

/// The worst 95th percentile at any number of clients.
pub(super) fn worst(figures: &ByClients) -> f64 {
    figures.values().map(|found| found.p95).fold(0.0, f64::max)
}
