//! `test`: everything that must pass, from nothing.

use super::{client, dev, openapi, queries, supervise, template};
use crate::progress::{seconds, step};
use crate::shell;
use crate::stack::bring_up::Choices;
use crate::stack::install;
use crate::stack::layout::{Layout, Profile};
use crate::stack::state;
use crate::stack::supervisor::Supervisor;
use crate::{bench, data, drills};
use anyhow::{Result, bail};
use std::time::Instant;
use tokio::process::Command as Process;

/// The parts of `test`, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// rustfmt
    Format,
    /// Licences, sources, duplicates and advisories of the dependencies, and those that nobody uses
    Dependencies,
    /// The deployment's template
    Template,
    /// clippy, with every query checked against a fresh database
    Lints,
    /// The committed OpenAPI document
    Openapi,
    /// The client in TypeScript that is made from it
    Client,
    /// Tests that need no server
    Unit,
    /// Database and black-box tests against a private stack
    Stack,
}

/// What to run.
#[derive(clap::Args)]
pub(crate) struct Command {
    /// Only these parts
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// Of the tests against a stack, only these targets (the names in `tests/tests`)
    #[arg(long, value_name = "TARGET")]
    tests: Vec<String>,
    /// After the tests against a stack, the bench and every drill for a few seconds
    #[arg(long)]
    bench: bool,
}

impl Command {
    /// Runs all parts, also past one that failed, and says how it went.
    pub(crate) async fn run(self) -> Result<()> {
        let started = Instant::now();
        step("Debian packages", install::packages()).await?;
        let layout = Layout::find(Profile::Test).await?;
        let (mut passed, mut failed) = (0, Vec::new());
        for part in <Part as clap::ValueEnum>::value_variants() {
            if !self.only.is_empty() && !self.only.contains(part) {
                continue;
            }
            println!("\n==== {}", part.title());
            match step(part.title(), part.run(&layout, &self)).await {
                Ok(()) => passed += 1,
                Err(error) => {
                    eprintln!("error: {error:#}");
                    failed.push(part.title());
                }
            }
        }
        println!("\nall parts took {}", seconds(started.elapsed()));
        println!("parts: {passed} passed, {} failed", failed.len());
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}

impl Part {
    fn title(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Dependencies => "dependencies",
            Self::Template => "deployment template",
            Self::Lints => "lints and query metadata",
            Self::Openapi => "OpenAPI document",
            Self::Client => "TypeScript client",
            Self::Unit => "unit tests",
            Self::Stack => "database and black-box tests",
        }
    }

    async fn run(self, layout: &Layout, wanted: &Command) -> Result<()> {
        match self {
            Self::Format => shell::run(cargo(layout).args(["fmt", "--all", "--check"])).await,
            Self::Dependencies => dependencies(layout).await,
            Self::Template => template::check(layout).await,
            Self::Lints => queries::lint().await,
            Self::Openapi => openapi::check().await,
            Self::Client => client::compile(layout).await,
            Self::Unit => unit(layout).await,
            Self::Stack => against_stack(layout, wanted).await,
        }
    }
}

/// Cargo in the workspace, with queries checked against the committed metadata.
fn cargo(layout: &Layout) -> Process {
    let mut cargo = shell::cargo();
    cargo
        .current_dir(&layout.root)
        .env("SQLX_OFFLINE", "true")
        .env_remove("DATABASE_URL");
    cargo
}

/// Tests are chosen by kind, not by package: with other packages dependencies have other features, and are compiled again.
async fn unit(layout: &Layout) -> Result<()> {
    shell::run(cargo(layout).args(["test", "--workspace", "--no-fail-fast", "--lib", "--bins"])).await?;
    shell::run(cargo(layout).args(["test", "--workspace", "--no-fail-fast", "--doc"])).await
}

/// Runs cargo-deny. Its advisory database comes from a place that not every machine reaches: without it that one check is
/// left out, and said to be.
async fn dependencies(layout: &Layout) -> Result<()> {
    install::test_tools(layout).await?;
    let deny = || {
        let mut deny = Process::new(install::test_tool(layout, "cargo-deny"));
        deny.current_dir(&layout.root)
            .args(["--log-level", "error", "check", "--show-stats"]);
        deny
    };
    shell::run(deny().args(["bans", "licenses", "sources"])).await?;
    unused(layout).await?;
    match shell::capture(deny().arg("advisories")).await {
        Ok(_) => Ok(()),
        Err(error) if format!("{error:#}").contains("failed to fetch advisory database") => {
            println!("     advisories NOT checked: the advisory database cannot be reached from here");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Dependencies that no source names. The tests' crate is left out: its library is for nobody but its tests.
async fn unused(layout: &Layout) -> Result<()> {
    let mut shear = Process::new(install::test_tool(layout, "cargo-shear"));
    shear
        .current_dir(&layout.root)
        .args(["--locked", "--exclude=portal-tests"]);
    shell::run(&mut shear).await
}

/// Builds the functions, brings a private stack up, and runs the tests package against it. Stops everything in the end.
async fn against_stack(layout: &Layout, wanted: &Command) -> Result<()> {
    let targets = &wanted.tests;
    install::test_packages().await?;
    install::tools(layout).await?;
    install::test_tools(layout).await?;
    install::deploy_tools(layout).await?;
    dev::build(layout, false).await?;
    // Compiled before the servers start: they would only wait.
    shell::run(stack_tests(layout, targets).arg("--no-run")).await?;
    let choices = Choices {
        gateway_port: None,
        release: false,
    };
    // The bench and the drills after the tests, which want everything to be there.
    supervise::for_a_while(layout, choices, async |supervisor| {
        black_box(layout, targets).await?;
        if wanted.bench {
            shortly(layout, supervisor).await?;
        }
        Ok(())
    })
    .await
}

/// The bench and every drill for a few seconds: that they work is what is shown.
async fn shortly(layout: &Layout, supervisor: &mut Supervisor) -> Result<()> {
    step("bench, shortly", bench::smoke(layout, supervisor)).await?;
    step("drills, shortly", drills::smoke(layout, supervisor)).await
}

async fn black_box(layout: &Layout, targets: &[String]) -> Result<()> {
    // Through the real import: that it works is the first thing to know.
    step(
        "demo set",
        data::load_demo(
            &state::read_stack(layout)?,
            &layout.state,
            &layout.binaries(false),
        ),
    )
    .await?;
    // Before other tests add rows of theirs.
    let judged = if targets.is_empty() || targets.iter().any(|target| target == "search") {
        step("relevance of searches", relevance(layout)).await
    } else {
        Ok(())
    };
    let mut tests = stack_tests(layout, targets);
    tests.env("PORTAL_TEST_PYTHON", install::test_tool(layout, "python"));
    tests.env("PORTAL_DEPLOY_PYTHON", install::deploy_tool(layout, "python"));
    shell::run(tests.env("PORTAL_STACK", layout.stack_file())).await?;
    judged
}

/// The judged queries, over the demo set as it is.
async fn relevance(layout: &Layout) -> Result<()> {
    let mut test = stack_tests(layout, &["search".to_owned()]);
    test.args(["--", "--ignored", "--nocapture", "relevance::"]);
    shell::run(test.env("PORTAL_STACK", layout.stack_file())).await
}

/// The tests that need a stack: all of them, unless some are named.
fn stack_tests(layout: &Layout, targets: &[String]) -> Process {
    let mut tests = cargo(layout);
    tests.args(["test", "--workspace", "--no-fail-fast"]);
    if targets.is_empty() {
        tests.args(["--test", "*"]);
    }
    for target in targets {
        tests.args(["--test", target]);
    }
    tests
}
