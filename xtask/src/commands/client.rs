//! `client`: a typed client in TypeScript, made from the OpenAPI document into `target/client`.

use crate::progress::step;
use crate::shell;
use crate::stack::install;
use crate::stack::layout::{Layout, Profile};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use tokio::process::Command as Process;

/// The document that it is made from.
const DOCUMENT: &str = "functions/docs/openapi.json";
/// What is committed of it: the pinned packages, the compiler's settings, and a use of the client.
const SOURCES: [&str; 5] = [
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "index.ts",
    "example.ts",
];

/// Makes the client; needs npm.
#[derive(clap::Args)]
pub(crate) struct Command {}

impl Command {
    /// Makes it, compiles a use of it, and says where it is.
    pub(crate) async fn run(self) -> Result<()> {
        let layout = Layout::find(Profile::Dev).await?;
        step("TypeScript client", compile(&layout)).await?;
        println!("{}", folder(&layout).join("index.ts").display());
        Ok(())
    }
}

fn folder(layout: &Layout) -> PathBuf {
    layout.target.join("client")
}

/// Makes the client and compiles `example.ts` against it, which says of answers and errors what the document does.
pub(crate) async fn compile(layout: &Layout) -> Result<()> {
    install::client_packages().await?;
    let (from, to) = (layout.root.join("xtask/client"), folder(layout));
    fs::create_dir_all(&to)?;
    for name in SOURCES {
        fs::copy(from.join(name), to.join(name)).with_context(|| format!("cannot copy {name}"))?;
    }
    let npm = || {
        let mut npm = Process::new("npm");
        npm.current_dir(&to);
        npm
    };
    shell::capture(npm().args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))
        .await
        .context("npm could not install the client's packages; is its registry reachable?")?;
    let mut generate = npm();
    generate.args(["exec", "--offline", "--", "openapi-typescript"]);
    generate.arg(layout.root.join(DOCUMENT));
    generate.args(["--output", "schema.ts", "--alphabetize"]);
    shell::capture(&mut generate).await?;
    shell::run(npm().args(["exec", "--offline", "--", "tsc", "--noEmit"])).await
}
