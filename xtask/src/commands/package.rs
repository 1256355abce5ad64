//! `package`: what is deployed. Each function as a zip for Lambda, built against Lambda's C library, and then run from that zip.

mod program;
mod replay;

use super::supervise;
use crate::progress::step;
use crate::shell;
use crate::stack::bring_up::Choices;
use crate::stack::functions::{self, Function};
use crate::stack::install;
use crate::stack::layout::{Layout, Profile};
use anyhow::{Context, Result, bail};
use program::Version;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tokio::process::Command as Process;

/// The C library of `provided.al2023`.
const GLIBC: Version = Version(2, 34);
/// What Lambda starts, by its name in the zip.
const BOOTSTRAP: &str = "bootstrap";

/// Builds packages, and starts a stack of what is in them.
#[derive(clap::Args)]
pub(crate) struct Command {
    /// Only build and measure them
    #[arg(long)]
    no_run: bool,
}

/// One package.
struct Package {
    function: Function,
    zip: PathBuf,
    program: PathBuf,
}

impl Command {
    /// Builds everything with `lto = "fat"`, which takes its time.
    pub(crate) async fn run(self) -> Result<()> {
        step("Debian packages", install::packages()).await?;
        let layout = Layout::find(Profile::Package).await?;
        step("Python tools", install::tools(&layout)).await?;
        let functions = functions::list(&layout)?;
        build(&layout, &functions).await?;
        let packages = step("packages unpacked", unpack(&layout, functions)).await?;
        step("the C library that they need", compare(&packages)).await?;
        measure(&packages)?;
        if self.no_run {
            return Ok(());
        }
        let choices = Choices {
            gateway_port: None,
            release: true,
        };
        supervise::for_a_while(&layout, choices, async |_| replay::all(&layout).await).await
    }
}

/// By cargo-lambda, whose linker makes programs for an older C library than this machine has.
async fn build(layout: &Layout, functions: &[Function]) -> Result<()> {
    println!("     building the packages (fat LTO: some minutes for each function)");
    let mut cargo = Process::new(install::tool(layout, "cargo-lambda"));
    cargo
        .current_dir(&layout.root)
        .env("SQLX_OFFLINE", "true")
        .env_remove("DATABASE_URL")
        .args([
            "lambda",
            "build",
            "--profile",
            "lambda",
            "--output-format",
            "zip",
            "--locked",
        ])
        .args([
            "--target",
            &format!("x86_64-unknown-linux-gnu.{GLIBC}"),
            "--lambda-dir",
        ])
        .arg(layout.packages());
    for function in functions {
        cargo.args(["--bin", function.name]);
    }
    shell::run(&mut cargo)
        .await
        .context("the packages could not be built")
}

/// Takes the programs out of the zips, as Lambda does.
async fn unpack(layout: &Layout, functions: Vec<Function>) -> Result<Vec<Package>> {
    let folder = layout.unpacked();
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut packages = Vec::new();
    for function in functions {
        let zip = layout
            .packages()
            .join(function.name)
            .join(format!("{BOOTSTRAP}.zip"));
        let inside = folder.join(format!("{}.zip", function.name));
        let mut unzip = Process::new(install::tool(layout, "python"));
        unzip.args(["-m", "zipfile", "--extract"]).arg(&zip).arg(&inside);
        shell::capture(&mut unzip).await?;
        let program = folder.join(function.name);
        move_alone(&inside, &program).with_context(|| format!("what is in {}?", zip.display()))?;
        packages.push(Package {
            function,
            zip,
            program,
        });
    }
    Ok(packages)
}

/// The one file of a package becomes a function's program. Anything beside it would be deployed by mistake.
fn move_alone(inside: &Path, program: &Path) -> Result<()> {
    let names: Vec<_> = fs::read_dir(inside)?
        .map(|entry| Ok(entry?.file_name()))
        .collect::<Result<_>>()?;
    if names != [BOOTSTRAP] {
        bail!("it holds {names:?} instead of {BOOTSTRAP} alone");
    }
    fs::rename(inside.join(BOOTSTRAP), program)?;
    fs::set_permissions(program, fs::Permissions::from_mode(0o755))?;
    fs::remove_dir(inside)?;
    Ok(())
}

/// Whether Lambda's C library is new enough for each.
async fn compare(packages: &[Package]) -> Result<()> {
    for package in packages {
        let needed = program::glibc(&package.program).await?;
        if needed > GLIBC {
            bail!(
                "{} needs glibc {needed}, and Lambda has {GLIBC}",
                package.function.name
            );
        }
    }
    Ok(())
}

fn measure(packages: &[Package]) -> Result<()> {
    let megabytes = |path: &Path| -> Result<f64> {
        let length = fs::metadata(path)
            .with_context(|| format!("cannot read {}", path.display()))?
            .len();
        Ok(length as f64 / 1e6)
    };
    println!("\n{:<20} {:>9} {:>9}", "function", "zip, MB", "unpacked");
    let mut total = 0.0;
    for package in packages {
        let zip = megabytes(&package.zip)?;
        total += zip;
        println!(
            "{:<20} {zip:>9.2} {:>9.2}",
            package.function.name,
            megabytes(&package.program)?
        );
    }
    println!("{:<20} {total:>9.2}\n", "all");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_with_more_than_its_program_is_refused() {
        let folder = std::env::temp_dir().join(format!("package-{}", uuid::Uuid::new_v4()));
        let (inside, program) = (folder.join("inside"), folder.join("program"));
        fs::create_dir_all(&inside).unwrap();
        fs::write(inside.join(BOOTSTRAP), "program").unwrap();
        fs::write(inside.join(".env"), "a secret").unwrap();
        let error = move_alone(&inside, &program).unwrap_err().to_string();
        assert!(error.contains(".env"), "{error}");
        fs::remove_file(inside.join(".env")).unwrap();
        move_alone(&inside, &program).unwrap();
        assert_eq!(fs::read(&program).unwrap(), b"program");
        assert_eq!(
            fs::metadata(&program).unwrap().permissions().mode() & 0o777,
            0o755
        );
        fs::remove_dir_all(&folder).unwrap();
    }
}
