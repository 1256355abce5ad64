//! The committed metadata of queries (`.sqlx`), by which they are checked where no database is at hand.

use crate::shell;
use crate::stack::layout::Layout;
use crate::stack::scratch;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Checks every query against a database fresh from the migrations and replaces `.sqlx` by what came of it.
pub(crate) async fn regenerate() -> Result<()> {
    scratch::with_database(async |layout, url| {
        let fresh = describe(layout, &url, &["check"], &[]).await?;
        let committed = layout.root.join(".sqlx");
        if committed.exists() {
            std::fs::remove_dir_all(&committed)?;
        }
        std::fs::create_dir(&committed)?;
        for (name, content) in read(&fresh)? {
            std::fs::write(committed.join(name), content)?;
        }
        Ok(())
    })
    .await
}

/// Runs clippy over everything with queries checked against a fresh database, and fails on a warning or when `.sqlx` is not
/// what that database says. One compilation for both.
pub(crate) async fn lint() -> Result<()> {
    scratch::with_database(async |layout, url| {
        let fresh = describe(layout, &url, &["clippy"], &["--", "--deny", "warnings"]).await?;
        compare(&read(&layout.root.join(".sqlx"))?, &read(&fresh)?)
    })
    .await
}

/// Compiles with the queries checked online, and returns the folder with their metadata.
async fn describe(layout: &Layout, url: &str, command: &[&str], more: &[&str]) -> Result<PathBuf> {
    let folder = layout.state.join("sqlx");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    // The macros do not tell Cargo which variables they read: a changed file makes it compile the crate with all queries.
    let touched = File::options()
        .append(true)
        .open(layout.root.join("shared/data/src/lib.rs"))?;
    touched.set_modified(SystemTime::now())?;
    let mut cargo = shell::cargo();
    cargo
        .args(command)
        .args(["--quiet", "--workspace", "--all-targets"])
        .args(more)
        .current_dir(&layout.root);
    cargo
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", &folder)
        .env("DATABASE_URL", url);
    shell::run(&mut cargo).await?;
    Ok(folder)
}

type Metadata = BTreeMap<String, Vec<u8>>;

fn read(folder: &Path) -> Result<Metadata> {
    let mut files = Metadata::new();
    if !folder.exists() {
        return Ok(files);
    }
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("query-") {
            files.insert(name, std::fs::read(entry.path())?);
        }
    }
    Ok(files)
}

fn compare(committed: &Metadata, fresh: &Metadata) -> Result<()> {
    let missing = fresh.keys().filter(|name| !committed.contains_key(*name)).count();
    let superfluous = committed.keys().filter(|name| !fresh.contains_key(*name)).count();
    let other = fresh
        .iter()
        .filter(|(name, content)| committed.get(*name).is_some_and(|old| old != *content))
        .count();
    if missing + superfluous + other > 0 {
        bail!(
            ".sqlx is stale ({missing} queries missing, {superfluous} no longer in the code, {other} with other columns): \
             run `cargo xtask bless` and commit it"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(files: &[(&str, &str)]) -> Metadata {
        files
            .iter()
            .map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn every_kind_of_staleness_is_seen() {
        let committed = metadata(&[("query-a.json", "1"), ("query-b.json", "2")]);
        compare(&committed, &committed).unwrap();
        for fresh in [
            metadata(&[("query-a.json", "1")]),
            metadata(&[("query-a.json", "1"), ("query-b.json", "3")]),
            metadata(&[
                ("query-a.json", "1"),
                ("query-b.json", "2"),
                ("query-c.json", "4"),
            ]),
        ] {
            assert!(
                compare(&committed, &fresh)
                    .unwrap_err()
                    .to_string()
                    .contains("bless")
            );
        }
    }
}
