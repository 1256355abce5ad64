//! `assets`: what the pages load that is not ours, taken from npm and committed, so that neither a build nor a page asks
//! another host.

use crate::progress::step;
use crate::shell;
use crate::stack::layout::{Layout, Profile};
use crate::{county_shapes, outline};
use anyhow::{Context, Result, bail};
use ring::digest::{SHA256, digest};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use tokio::process::Command as Process;

/// Takes the map library and the outlines anew from npm.
#[derive(clap::Args)]
pub(crate) struct Command;

/// A package of npm: its name and version, the SHA-256 of its archive, and which of its files are kept under which names.
struct Package {
    name: &'static str,
    version: &'static str,
    sha256: &'static str,
    files: &'static [(&'static str, &'static str)],
}

/// To take another version, change it here; the error then names the archive's sum, to be compared with what npm says of it.
const MAPLIBRE: Package = Package {
    name: "maplibre-gl",
    version: "6.17.0",
    sha256: "587807d8d6c99349022e027fa310c16cfaa55392131f6263df080306db6809b0",
    files: &[
        ("dist/maplibre-gl.mjs", "maplibre-gl.mjs"),
        ("dist/maplibre-gl-worker.mjs", "maplibre-gl-worker.mjs"),
        ("dist/maplibre-gl.css", "maplibre-gl.css"),
        ("LICENSE.txt", "maplibre-gl.LICENSE.txt"),
    ],
};

const ATLAS: Package = Package {
    name: "us-atlas",
    version: "3.0.1",
    sha256: "e6daba1800885868303ad3549da62f85a557b8142bb72629ec15651de62f9c5d",
    files: &[
        ("states-10m.json", "states-10m.json"),
        ("counties-10m.json", "counties-10m.json"),
        ("LICENSE", "outline.LICENSE.txt"),
    ],
};

impl Command {
    /// Replaces the files below `functions/docs/assets`, and the shapes of the counties.
    pub(crate) async fn run(self) -> Result<()> {
        let layout = Layout::find(Profile::Dev).await?;
        let assets = layout.root.join("functions/docs/assets");
        let work = layout.root.join("target/assets");
        if work.exists() {
            fs::remove_dir_all(&work)?;
        }
        fs::create_dir_all(&work)?;
        step("map library", MAPLIBRE.fetch(&work)).await?;
        step("outlines", ATLAS.fetch(&work)).await?;
        let states = fs::read(work.join("states-10m.json"))?;
        fs::write(work.join("outline.geojson"), outline::of_california(&states)?)?;
        let counties = fs::read(work.join("counties-10m.json"))?;
        fs::write(
            layout.root.join("functions/admin/static/counties.json"),
            county_shapes::of_california(&counties)?,
        )?;
        for name in [
            "maplibre-gl.mjs",
            "maplibre-gl-worker.mjs",
            "maplibre-gl.css",
            "outline.geojson",
        ] {
            // No name and no time in it: the same contents make the same bytes.
            shell::capture(
                Process::new("gzip")
                    .args(["-9", "--no-name", "--force"])
                    .arg(work.join(name)),
            )
            .await?;
            fs::copy(work.join(format!("{name}.gz")), assets.join(format!("{name}.gz")))?;
        }
        for name in ["maplibre-gl.LICENSE.txt", "outline.LICENSE.txt"] {
            fs::copy(work.join(name), assets.join(name))?;
        }
        println!("functions/docs/assets and the counties are as npm has {MAPLIBRE} and {ATLAS}: commit them");
        Ok(())
    }
}

impl std::fmt::Display for Package {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.name, self.version)
    }
}

impl Package {
    /// Downloads the package, checks it and unpacks what is kept of it into a folder.
    async fn fetch(&self, folder: &Path) -> Result<()> {
        let wanted = format!("{}@{}", self.name, self.version);
        shell::capture(
            Process::new("npm")
                .args(["pack", "--silent", &wanted])
                .current_dir(folder),
        )
        .await
        .context("npm could not fetch the package; are npm and its registry there?")?;
        let archive = folder.join(format!("{}-{}.tgz", self.name, self.version));
        self.check(&archive)?;
        let unpacked = folder.join(self.name);
        fs::create_dir_all(&unpacked)?;
        let mut tar = Process::new("tar");
        tar.arg("--extract")
            .arg("--file")
            .arg(&archive)
            .arg("--directory")
            .arg(&unpacked);
        shell::capture(&mut tar).await?;
        for (from, to) in self.files {
            let from: PathBuf = unpacked.join("package").join(from);
            fs::copy(&from, folder.join(to)).with_context(|| format!("{self} has no {}", from.display()))?;
        }
        Ok(())
    }

    fn check(&self, archive: &Path) -> Result<()> {
        let mut found = String::new();
        for byte in digest(&SHA256, &fs::read(archive)?).as_ref() {
            write!(found, "{byte:02x}")?;
        }
        if found != self.sha256 {
            bail!(
                "the archive of {self} has the SHA-256 {found}, not {}: it is not taken",
                self.sha256
            );
        }
        Ok(())
    }
}
