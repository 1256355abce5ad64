//! Each case by every way: through the gateway, past it, its SQL alone, and the design's.

use super::capture::{Bare, Capture};
use super::cases::Case;
use super::design::Design;
use super::meter::Meter;
use super::people::People;
use super::pgbench;
use super::plan::Plan;
use super::report::{ByClients, CaseReport, Cost};
use super::stage::Stage;
use crate::load::Target;
use crate::load::drive::{closed, in_turn};
use crate::load::request::Request;
use crate::load::samples::{Figures, Sample};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::time::Duration;

/// Everything about the cases, one after the other: what is compared is measured within seconds of each other.
pub(super) async fn cases(
    stage: &Stage<'_>,
    plan: &Plan,
    cases: &[&Case],
    design: &Design,
    people: &People,
) -> Result<Vec<CaseReport>> {
    let capture = Capture::begin(stage).await?;
    let mut bare = Vec::new();
    for case in cases {
        let found = capture.bare(stage, &case.requests).await;
        bare.push(found.with_context(|| format!("the SQL of {} was not found", case.name))?);
    }
    capture.end().await?;
    let mut reports = Vec::new();
    for (case, bare) in cases.iter().zip(&bare) {
        people.stay(stage).await?;
        let report = one(stage, plan, case, bare, design).await;
        let report = report.with_context(|| format!("{} could not be measured", case.name))?;
        println!("{}", line(&report, plan.most_clients()));
        reports.push(report);
    }
    Ok(reports)
}

async fn one(
    stage: &Stage<'_>,
    plan: &Plan,
    case: &Case,
    bare: &Bare,
    design: &Design,
) -> Result<CaseReport> {
    let gateway = by_clients(stage, plan, &stage.through_gateway()?, &case.requests).await?;
    let function = by_clients(stage, plan, &stage.past_gateway(), &case.requests).await?;
    let cost = cost(stage, plan, case).await?;
    let url = stage.url(&bare.role, bare.node)?;
    let alone = scripts(stage, plan, &bare.scripts, url).await?;
    let mut designs = BTreeMap::new();
    for name in case.design {
        let url = Design::url(stage, bare.node)?;
        let figures = scripts(stage, plan, &design.scripts(name)?, &url).await?;
        designs.insert((*name).to_owned(), figures);
    }
    Ok(CaseReport {
        name: case.name.to_owned(),
        class: case.class,
        shape: case.shape,
        gateway,
        function,
        bare: alone,
        design: designs,
        cost,
    })
}

async fn by_clients(
    stage: &Stage<'_>,
    plan: &Plan,
    target: &Target,
    requests: &[Request],
) -> Result<ByClients> {
    // Every process has a connection and its plans before anything is timed.
    send(stage, target, requests, plan.most_clients(), plan.warm_up).await?;
    let mut figures = ByClients::new();
    for clients in &plan.clients {
        let samples = send(stage, target, requests, *clients, plan.each).await?;
        figures.insert(*clients, Figures::of(&samples, plan.each));
    }
    Ok(figures)
}

async fn send(
    stage: &Stage<'_>,
    target: &Target,
    requests: &[Request],
    clients: u64,
    during: Duration,
) -> Result<Vec<Sample>> {
    let source = in_turn(requests.to_vec());
    let load = closed(target.clone(), clients, during, Duration::ZERO, source);
    stage.apart.run(load).await
}

async fn scripts(stage: &Stage<'_>, plan: &Plan, scripts: &[String], url: &str) -> Result<ByClients> {
    pgbench::run(stage.layout, scripts, url, plan.most_clients(), plan.warm_up).await?;
    let mut figures = ByClients::new();
    for clients in &plan.clients {
        let found = pgbench::run(stage.layout, scripts, url, *clients, plan.each).await?;
        figures.insert(*clients, found);
    }
    Ok(figures)
}

/// Processor time of one request: by clients who leave nothing idle, so that waking up is not counted as work.
async fn cost(stage: &Stage<'_>, plan: &Plan, case: &Case) -> Result<Cost> {
    let path = case.requests.first().map(Request::path).unwrap_or_default();
    let function = stage.routes.function(path).context("no function serves it")?;
    let meter = Meter::start(stage, &format!("function {function} bench"))?;
    let samples = send(stage, &stage.past_gateway(), &case.requests, 4, plan.each).await?;
    meter.cost(samples.len())
}

/// A case in a line, while the bench runs.
fn line(report: &CaseReport, clients: u64) -> String {
    let median = |figures: &ByClients| figures.get(&clients).map(|found| found.p50).unwrap_or_default();
    let failed: u64 = report
        .gateway
        .values()
        .chain(report.function.values())
        .map(Figures::failed)
        .sum();
    format!(
        "     {:22} gateway {:7.2} ms  function {:7.2} ms  SQL {:7.2} ms{}",
        report.name,
        median(&report.gateway),
        median(&report.function),
        median(&report.bare),
        if failed > 0 {
            format!("  {failed} FAILED")
        } else {
            String::new()
        }
    )
}
