//! Processes of functions: how fast one starts, and what it holds in memory.

use super::cases::Case;
use super::people::People;
use super::plan::Plan;
use super::processor::memory;
use super::report::ProcessReport;
use super::stage::Stage;
use crate::load::drive::in_turn;
use crate::load::request::Request;
use crate::load::samples::{Figures, Outcome, milliseconds};
use crate::load::{Client, Target};
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::Command;

/// In how many steps memory is watched.
const STEPS: u64 = 4;

/// Every function that a case asks, with its first such case.
pub(super) async fn all(
    stage: &mut Stage<'_>,
    plan: &Plan,
    cases: &[&Case],
    people: &People,
) -> Result<Vec<ProcessReport>> {
    let mut seen = BTreeSet::new();
    let mut reports = Vec::new();
    for case in cases {
        let Some(request) = case.requests.first() else {
            continue;
        };
        let Some(function) = stage.routes.function(request.path()).map(str::to_owned) else {
            continue;
        };
        if seen.insert(function.clone()) {
            people.stay(stage).await?;
            let report = one(stage, plan, &function, &case.requests).await;
            reports
                .push(report.with_context(|| format!("the processes of {function} could not be measured"))?);
        }
    }
    Ok(reports)
}

async fn one(
    stage: &mut Stage<'_>,
    plan: &Plan,
    function: &str,
    requests: &[Request],
) -> Result<ProcessReport> {
    let (mut polls, mut answers) = (Vec::new(), Vec::new());
    let first = requests.first().context("there is nothing to ask")?;
    for number in 0..plan.starts {
        let (poll, answer) = start(stage, function, number, first).await?;
        polls.push(milliseconds(poll));
        answers.push(milliseconds(answer));
    }
    let (memory, peak) = watch(stage, plan, function, requests).await?;
    Ok(ProcessReport {
        function: function.to_owned(),
        first_poll: Figures::of_times(polls, Duration::from_secs(1)),
        first_answer: Figures::of_times(answers, Duration::from_secs(1)),
        memory,
        peak,
    })
}

/// A process from exec to its first poll, and to the answer of a request that waits for it already.
async fn start(
    stage: &Stage<'_>,
    function: &str,
    number: usize,
    request: &Request,
) -> Result<(Duration, Duration)> {
    // One of its own for each: a process that was killed may be thought to wait still.
    let inbox = format!("{function}-cold-{number}");
    let api = stage.api.only(&inbox);
    let mut client = Client::Runtime(api.clone());
    let request = request.clone();
    let answered = stage.apart.begin(async move {
        let answer = client.send(&request).await;
        (answer.map(|answer| answer.status), Instant::now())
    });
    let spec = stage.process(function, &inbox)?;
    let mut command = Command::new(&spec.program);
    command
        .env_clear()
        .envs(spec.environment.into_iter().flatten())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let begun = Instant::now();
    let mut process = command
        .spawn()
        .with_context(|| format!("cannot start {function}"))?;
    let polled = api.first_poll(&inbox).await?;
    let (status, ended) = answered.await?;
    process.kill().await?;
    ensure!(
        status == Ok(200),
        "{function} answered its first request {status:?}"
    );
    Ok((polled.duration_since(begun), ended.duration_since(begun)))
}

/// What one process holds while it answers request after request.
async fn watch(
    stage: &mut Stage<'_>,
    plan: &Plan,
    function: &str,
    requests: &[Request],
) -> Result<(BTreeMap<u64, f64>, f64)> {
    let inbox = format!("{function}-memory");
    let spec = stage.process(function, &inbox)?;
    let name = spec.name.clone();
    stage.start(spec)?;
    let target = Target::Runtime(stage.api.only(&inbox));
    let mut held = BTreeMap::new();
    let mut peak = 0.0;
    for step in 1..=STEPS {
        let count = plan.requests / STEPS;
        let mut client = target.client();
        let source = in_turn(requests.to_vec());
        let work = async move {
            for number in 0..count {
                let outcome = client.outcome(&source(number)).await;
                ensure!(outcome == Outcome::Good, "{outcome}");
            }
            Ok::<(), anyhow::Error>(())
        };
        stage.apart.run(work).await??;
        let pid = stage
            .pids(&name)?
            .into_iter()
            .next()
            .context("the process has ended")?;
        let (now, most) = memory(pid)?;
        held.insert(step * count, now);
        peak = most;
    }
    stage.end(&name).await?;
    Ok((held, peak))
}
