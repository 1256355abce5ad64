//! `bench`: how fast the portal is, beside its bare SQL and the source design's, in one run.
//!
//! What is compared is measured within the same minutes on the same machine: figures of different machines or days do not compare.

mod capture;
mod cases;
mod compare;
mod comparison;
mod design;
mod log;
mod machine;
mod measure;
mod meter;
mod must;
mod packages;
mod people;
mod pgbench;
mod plan;
mod plot;
mod plots;
mod processes;
mod processor;
mod rates;
mod record;
mod report;
mod reports;
#[cfg(test)]
mod samples_for_tests;
mod scale;
mod script;
mod searches;
mod stage;
mod table;

use crate::commands::dev;
use crate::data::{self, Scale};
use crate::progress::step;
use crate::shell;
use crate::stack::bring_up::{Choices, bring_up};
use crate::stack::install;
use crate::stack::layout::{Layout, Profile};
use crate::stack::lock::Lock;
use crate::stack::state::{Registry, end_leftovers, read_stack};
use crate::stack::supervisor::Supervisor;
use anyhow::{Context, Result, bail};
use design::Design;
use plan::Plan;
use report::Report;
use stage::Stage;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How many processes of each function are asked past the gateway: as many as stand behind it.
const COPIES: usize = 4;

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Command {
    /// How many rows
    #[arg(long, value_enum, default_value_t = Scale::Full)]
    scale: Scale,
    /// How long each case is measured at each number of clients
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Only these cases
    #[arg(long, value_name = "CASE")]
    only: Vec<String>,
    /// The report of an earlier run on this machine: say what got worse
    #[arg(long, value_name = "REPORT.JSON")]
    compare: Option<PathBuf>,
    /// Write tables and plots into `docs`
    #[arg(long)]
    record: bool,
}

impl Command {
    /// Builds, loads the data set unless it is there, measures, and says whether that is good enough.
    pub(crate) async fn run(self) -> Result<()> {
        step("Debian packages", install::packages()).await?;
        let profile = match self.scale {
            Scale::Full => Profile::Bench,
            Scale::TenTimes => Profile::BenchTenTimes,
            Scale::Small => bail!("the small data set is for trying things out: measure --scale full or 10x"),
        };
        let layout = Layout::find(profile).await?;
        step("Python tools", install::tools(&layout)).await?;
        if cfg!(debug_assertions) {
            return again_optimised(&layout).await;
        }
        let base = self.compare.as_deref().map(read).transpose()?;
        let full = self.scale == Scale::TenTimes;
        let full = full.then(|| read(&layout.target.join(Profile::Bench.name()).join("report.json")));
        let plan = Plan::full(Duration::from_secs(self.seconds.max(1)), self.only.clone());
        let report = on_own_stack(&layout, &plan, self.scale).await?;
        self.tell(&layout, &report, base.as_ref(), full.transpose()?.as_ref())
    }

    /// Prints and writes what was found; an error when it is not good enough.
    fn tell(
        &self,
        layout: &Layout,
        report: &Report,
        base: Option<&Report>,
        full: Option<&Report>,
    ) -> Result<()> {
        write(&layout.state, report)?;
        let musts = must::all(report, full);
        let tables = table::report(report, &musts);
        println!("\n{tables}");
        println!("report    {}", layout.state.join("report.json").display());
        let growth = full.map(|full| comparison::growth(full, report));
        if let Some(growth) = &growth {
            println!("\n{growth}");
        }
        match &growth {
            Some(growth) if self.record => record::growth(&layout.root, growth)?,
            None if self.record => record::run(&layout.root, report, &tables)?,
            _ => {}
        }
        let mut faults: Vec<String> = musts
            .iter()
            .filter(|must| !must.met)
            .map(|must| must.demand.clone())
            .collect();
        if let Some(base) = base {
            let changes = compare::worse(base, report);
            println!("\n{}", comparison::changes(&changes));
            faults.extend(
                changes
                    .into_iter()
                    .map(|change| format!("worse: {}", change.what)),
            );
        }
        if !faults.is_empty() {
            bail!("not good enough:\n  {}", faults.join("\n  "));
        }
        Ok(())
    }
}

/// Builds functions and this program for speed, and goes on as that: a load generator that is slow measures itself.
async fn again_optimised(layout: &Layout) -> Result<()> {
    dev::build(layout, true).await?;
    let mut cargo = shell::cargo();
    cargo
        .args(["build", "--release", "--bin", "xtask"])
        .current_dir(&layout.root);
    shell::run(&mut cargo).await.context("the bench does not build")?;
    let program = layout.binaries(true).join("xtask");
    let error = std::process::Command::new(&program)
        .args(std::env::args_os().skip(1))
        .exec();
    Err(error).with_context(|| format!("cannot start {}", program.display()))
}

/// Brings its own stack up with its data of before, measures, and stops it.
async fn on_own_stack(layout: &Layout, plan: &Plan, scale: Scale) -> Result<Report> {
    layout.create()?;
    let Some(_lock) = Lock::take(layout)? else {
        bail!("another bench is running; wait for it");
    };
    end_leftovers(layout)?;
    layout.delete_logs()?;
    let registry = Arc::new(Registry::new(layout));
    let mut supervisor = Supervisor::new(registry.clone());
    let choices = Choices {
        gateway_port: None,
        release: true,
    };
    let work = async {
        bring_up(layout, choices, &mut supervisor, &registry).await?;
        let stack = read_stack(layout)?;
        let binaries = layout.binaries(true);
        step(
            "data set",
            data::load_set(&stack, &layout.state, &binaries, scale),
        )
        .await?;
        let mut stage = Stage::set(layout, &mut supervisor, COPIES).await?;
        all(&mut stage, plan, scale.name()).await
    };
    let result = work.await;
    supervisor.stop_all().await;
    std::fs::remove_file(layout.stack_file()).ok();
    result.with_context(|| format!("logs are in {}", layout.logs().display()))
}

/// Everything in its order: what needs quiet before what leaves rows behind.
async fn all(stage: &mut Stage<'_>, plan: &Plan, scale: &str) -> Result<Report> {
    let people = step("members signed in", people::gather(stage, plan.writers)).await?;
    let design = step(
        "the source design's tables and indexes",
        Design::ensure(stage, &people),
    )
    .await?;
    let every = step("requests", cases::all(stage, &people)).await?;
    let wanted: Vec<&cases::Case> = every.iter().filter(|case| plan.wants(case.name)).collect();
    if wanted.len() < plan.only.len() {
        let names: Vec<&str> = every.iter().map(|case| case.name).collect();
        bail!("there is no such case; there are {}", names.join(", "));
    }
    let measured = step(
        "every case",
        measure::cases(stage, plan, &wanted, &design, &people),
    )
    .await?;
    let acquisition = step("connections", rates::acquisition(stage, plan)).await?;
    let processes = step("processes", processes::all(stage, plan, &wanted, &people)).await?;
    let throughput = step(
        "reads and writes at a rate",
        rates::throughput(stage, plan, &every, &people),
    )
    .await?;
    let crowd = step("people", rates::crowd(stage, plan, &every, &people)).await?;
    stage.leave().await?;
    Ok(Report {
        date: machine::today(),
        commit: machine::commit(&stage.layout.root).await,
        machine: machine::describe()?,
        scale: scale.to_owned(),
        cases: measured,
        processes,
        packages: packages::all(stage.layout)?,
        acquisition,
        throughput: Some(throughput),
        crowd: Some(crowd),
    })
}

/// A short run on a stack that runs already and is not used by anybody else any more: an error when a request fails or something cannot be
/// measured. Its figures mean nothing.
pub(crate) async fn smoke(layout: &Layout, supervisor: &mut Supervisor) -> Result<()> {
    let mut stage = Stage::set(layout, supervisor, 1).await?;
    let report = all(&mut stage, &Plan::short(), "small").await?;
    let folder = layout.state.join("bench");
    std::fs::create_dir_all(&folder)?;
    write(&folder, &report)?;
    table::report(&report, &must::all(&report, Some(&report)));
    scale::table(&report).context("no table of scale")?;
    let failed = report.failed();
    if failed > 0 {
        bail!(
            "{failed} requests failed; see {}",
            folder.join("report.json").display()
        );
    }
    Ok(())
}

/// Writes the report and its plots.
fn write(folder: &Path, report: &Report) -> Result<()> {
    std::fs::write(folder.join("report.json"), serde_json::to_vec_pretty(report)?)?;
    for (name, svg) in plots::all(report) {
        std::fs::write(folder.join(name), svg)?;
    }
    Ok(())
}

fn read(file: &Path) -> Result<Report> {
    let text = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is no report of this bench", file.display()))
}
