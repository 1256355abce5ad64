//! What a function's program holds. The linker leaves out what nothing leads to, so what is still there is what the function can do:
//! which operations of AWS it calls, and which variables it reads.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::template::root;

/// Operations that are in every program and are never called in Lambda: the SDK's ways to credentials that Lambda does not use, and
/// sessions of a kind of bucket that we have none of.
const NEVER_CALLED: [(&str, &str); 3] = [
    ("aws_sdk_sts", "assume_role"),
    ("aws_sdk_sts", "assume_role_with_web_identity"),
    ("aws_sdk_s3", "create_session"),
];

/// A built function.
pub struct Program {
    path: PathBuf,
}

impl Program {
    /// The program of a function, as the tests were built.
    pub fn of(function: &str) -> Self {
        let test = std::env::current_exe().unwrap();
        let path = test.ancestors().nth(2).unwrap().join(function);
        assert!(
            path.exists(),
            "{} is not there: run `cargo build --workspace --bins`",
            path.display()
        );
        Self { path }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The operations of AWS that it can call, as crate and module of the SDK.
    pub fn operations(&self) -> BTreeSet<(String, String)> {
        let output = Command::new("nm").arg(&self.path).output().unwrap();
        assert!(output.status.success(), "nm cannot read {}", self.path.display());
        let symbols = String::from_utf8_lossy(&output.stdout);
        let mut operations: BTreeSet<_> = symbols.lines().filter_map(operation).collect();
        for (crate_name, module) in NEVER_CALLED {
            operations.remove(&(crate_name.to_owned(), module.to_owned()));
        }
        operations
    }

    /// Which of these variables it reads.
    pub fn variables(&self, known: &BTreeSet<String>) -> BTreeSet<String> {
        let bytes = std::fs::read(&self.path).unwrap();
        let mut found = BTreeSet::new();
        for (start, _) in bytes
            .windows(PREFIX.len())
            .enumerate()
            .filter(|(_, window)| *window == PREFIX.as_bytes())
        {
            // Constants lie side by side, so where one ends is known by the names alone: the longest that fits.
            let rest = &bytes[start..];
            let fitting = known.iter().filter(|name| rest.starts_with(name.as_bytes()));
            found.extend(fitting.max_by_key(|name| name.len()).cloned());
        }
        found
    }
}

const PREFIX: &str = "PORTAL_";

/// The operation whose code a symbol is of. Rust's mangled names are words, each behind its length:
/// `…10aws_sdk_s39operation10get_object8builders…`.
fn operation(symbol: &str) -> Option<(String, String)> {
    let start = symbol.find("aws_sdk_")?;
    let (crate_name, rest) = word_at(symbol, start)?;
    let (module, rest) = word(rest)?;
    let (operation, rest) = word(rest)?;
    let (part, _) = word(rest)?;
    (module == "operation" && part == "builders").then(|| (crate_name.to_owned(), operation.to_owned()))
}

/// The word that begins at an index, whose length stands before it.
fn word_at(symbol: &str, start: usize) -> Option<(&str, &str)> {
    let before = &symbol[..start];
    let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let length: usize = before[before.len() - digits..].parse().ok()?;
    symbol[start..].split_at_checked(length)
}

/// The first word, and what is behind it. Of the digits before a word that itself begins with one, an underscore tells them apart.
fn word(symbol: &str) -> Option<(&str, &str)> {
    let digits = symbol.len() - symbol.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let length: usize = symbol[..digits].parse().ok()?;
    let rest = &symbol[digits..];
    rest.strip_prefix('_').unwrap_or(rest).split_at_checked(length)
}

/// Every variable of ours that the sources of functions and shared crates name, tests left aside.
pub fn known_variables() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for folder in ["functions", "shared"] {
        collect(&root().join(folder), &mut known);
    }
    known
}

fn collect(folder: &Path, known: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, known);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            let quoted = source.split('"').filter(|text| text.starts_with(PREFIX));
            let names = quoted.filter(|text| {
                text.bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
            });
            known.extend(names.map(str::to_owned));
        }
    }
}

#[test]
fn symbols_of_operations_are_understood() {
    let found = |symbol: &str| operation(symbol).map(|(name, operation)| format!("{name} {operation}"));
    assert_eq!(
        found("_ZN10aws_sdk_s39operation10get_object8builders22GetObjectFluentBuilder3key17h0E").as_deref(),
        Some("aws_sdk_s3 get_object")
    );
    assert_eq!(
        found("_ZN10aws_sdk_s39operation15list_objects_v28builders26ListObjectsV2FluentBuilder6bucketE")
            .as_deref(),
        Some("aws_sdk_s3 list_objects_v2")
    );
    for other in [
        "_ZN10aws_sdk_s35types8Checksum3new17hE",
        "_ZN10aws_sdk_s39operation10get_object14GetObjectError4code17hE",
        "main",
    ] {
        assert_eq!(found(other), None, "{other}");
    }
}
