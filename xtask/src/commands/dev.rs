//! `dev`: the whole portal on this machine.

use super::supervise::hold_up;
use crate::data::{self, accounts};
use crate::progress::step;
use crate::shell;
use crate::stack::bring_up::Choices;
use crate::stack::layout::{Layout, Profile};
use crate::stack::{functions, install, lock, state};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// How to start it.
#[derive(clap::Args)]
pub(crate) struct Command {
    /// Port of the API (9000)
    #[arg(long)]
    port: Option<u16>,
    /// Return when all is up; `cargo xtask down` stops it
    #[arg(long)]
    detach: bool,
    /// Delete all data and start over
    #[arg(long)]
    reset: bool,
    /// Build and run optimised binaries
    #[arg(long)]
    release: bool,
}

impl Command {
    /// Installs, builds, starts, migrates, loads a demo set, and tells what runs where.
    pub(crate) async fn run(self) -> Result<()> {
        step("Debian packages", install::packages()).await?;
        let layout = Layout::find(Profile::Dev).await?;
        if self.reset {
            lock::stop_holder(&layout).await?;
            state::end_leftovers(&layout)?;
            layout.delete()?;
        }
        if lock::holder(&layout)?.is_some() {
            return self.already_running(&layout);
        }
        layout.create()?;
        step("Python tools", install::tools(&layout)).await?;
        build(&layout, self.release).await?;
        let choices = Choices {
            gateway_port: self.port,
            release: self.release,
        };
        if self.detach {
            detach(&layout, choices).await?;
            return introduce(&layout, true).await;
        }
        hold_up(&layout, choices, introduce(&layout, false)).await
    }

    fn already_running(&self, layout: &Layout) -> Result<()> {
        let stack = state::read_stack(layout)?;
        println!("the portal is already running");
        summary(&stack);
        let api = text(&stack, "apiUrl");
        if self.port.is_some_and(|port| !api.ends_with(&format!(":{port}"))) {
            bail!("it listens on {api}; stop it with `cargo xtask down` to start it on another port");
        }
        let release = is_release(&stack);
        if self.release != release {
            let kind = if release { "optimised" } else { "debug" };
            bail!("it runs {kind} binaries; stop it with `cargo xtask down` first");
        }
        Ok(())
    }
}

/// Builds every function. By --bin alone, as the alias in `.cargo/config.toml` builds this program: naming packages would
/// give dependencies other features, and compile them a second time.
pub(crate) async fn build(layout: &Layout, release: bool) -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.arg("build").current_dir(&layout.root);
    for function in functions::list(layout)? {
        cargo.args(["--bin", function.name]);
    }
    cargo.args(["--bin", accounts::SEALER]);
    if release {
        cargo.arg("--release");
    }
    println!("     building the functions (the first time takes minutes)");
    shell::run(&mut cargo).await.context("the functions do not build")
}

/// Leaves a supervisor behind, showing what it says until the stack is up.
pub(crate) async fn detach(layout: &Layout, choices: Choices) -> Result<()> {
    std::fs::remove_file(layout.stack_file()).ok();
    let log = layout.supervisor_log();
    let output = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command.args(["supervise", "--profile", layout.profile.name()]);
    if let Some(port) = choices.gateway_port {
        command.args(["--port", &port.to_string()]);
    }
    if choices.release {
        command.arg("--release");
    }
    command
        .current_dir(&layout.root)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    // A group of its own: neither Ctrl-C nor the end of the terminal reaches it.
    let mut supervisor = command.process_group(0).spawn()?;
    let mut shown = 0;
    loop {
        shown = relay(&log, shown)?;
        if layout.stack_file().exists() {
            return Ok(());
        }
        if supervisor.try_wait()?.is_some() {
            relay(&log, shown)?;
            bail!(
                "the stack did not come up; logs are in {}",
                layout.logs().display()
            );
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Prints what a log holds past an offset, and returns the new offset.
fn relay(log: &Path, from: u64) -> Result<u64> {
    let mut file = File::open(log)?;
    file.seek(SeekFrom::Start(from))?;
    let mut fresh = Vec::new();
    file.read_to_end(&mut fresh)?;
    std::io::stdout().write_all(&fresh)?;
    Ok(from + fresh.len() as u64)
}

/// Loads the demo set, tells what runs where, and what to try. A stack without its demo set is still of use: it stays up.
async fn introduce(layout: &Layout, detached: bool) -> Result<()> {
    let stack = state::read_stack(layout)?;
    let demo = step(
        "demo set",
        data::load_demo(&stack, &layout.state, &layout.binaries(is_release(&stack))),
    )
    .await;
    summary(&stack);
    if detached {
        println!("\nIt keeps running; stop it with `cargo xtask down`.");
        return demo.context("the portal runs, but its demo set did not load");
    }
    println!("\nCtrl-C stops everything; the data stays.");
    if let Err(error) = demo {
        eprintln!("error: the demo set did not load: {error:#}");
    }
    Ok(())
}

fn summary(stack: &Value) {
    let api = text(stack, "apiUrl");
    let port = |name: &str| {
        stack
            .pointer(&format!("/ports/{name}"))
            .and_then(Value::as_u64)
            .unwrap_or_default()
    };
    println!();
    println!("API               {api}");
    println!(
        "invocations       {}/<function>/invocations",
        text(stack, "invocationsUrl")
    );
    println!("AWS emulator      {}", text(stack, "awsEndpoint"));
    println!("Stripe's stand-in {}", text(stack, "stripeApi"));
    println!(
        "PostgreSQL        primary 127.0.0.1:{}  replica 127.0.0.1:{}",
        port("primary"),
        port("replica")
    );
    println!(
        "PgBouncer         primary 127.0.0.1:{}  replica 127.0.0.1:{}",
        port("pooler"),
        port("replica_pooler")
    );
    println!("logs              {}", text(stack, "logs"));
    println!("everything else   target/dev/stack.json (addresses, roles and their passwords)");
    println!(
        "accounts          one for each role, such as member@example.org; their passwords are there too"
    );
    println!("\nTry:");
    println!("  curl '{api}/v1/contractors?near=37.7749,-122.4194&radiusMiles=20&limit=3'");
    println!("  curl '{api}/v1/contractors?q=builders&class=B&city=Oakland'");
    println!("  curl '{api}/v1/openapi.json'");
    println!("  {}", accounts::sign_in_line(api));
}

pub(crate) fn is_release(stack: &Value) -> bool {
    stack.get("release").and_then(Value::as_bool).unwrap_or_default()
}

fn text<'a>(stack: &'a Value, name: &str) -> &'a str {
    stack.get(name).and_then(Value::as_str).unwrap_or("?")
}
