//! One event for each function that came out of a package, as AWS would send it.

use crate::progress::step;
use crate::stack::functions;
use crate::stack::layout::Layout;
use crate::stack::state;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Sends each function of the running stack a sample event. What comes of each sample the black-box tests say; here a function need only
/// do its work, without an error of its own.
pub(super) async fn all(layout: &Layout) -> Result<()> {
    let stack = state::read_stack(layout)?;
    let url = stack
        .get("invocationsUrl")
        .and_then(Value::as_str)
        .context("stack.json names no invocations")?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    for function in functions::list(layout)? {
        let Some(event) = sample(&layout.root.join("events"), function.name)? else {
            // `migrate`, whose event is empty, has made the schema of this stack.
            continue;
        };
        let text = std::fs::read_to_string(&event)?;
        let request = client.post(format!("{url}/{}/invocations", function.name));
        let name = event
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        step(&format!("{} on {name}", function.name), async {
            let answer = request.body(text).send().await?;
            let status = answer.status();
            let said = answer.text().await?;
            judge(status.is_success(), &said)
        })
        .await?;
    }
    Ok(())
}

/// An answer to an API's event has a status of its own.
fn judge(succeeded: bool, said: &str) -> Result<()> {
    let answer: Value = serde_json::from_str(said).unwrap_or_default();
    let status = answer.get("statusCode").and_then(Value::as_u64);
    if !succeeded || answer.get("errorType").is_some() || status.is_some_and(|status| status >= 500) {
        bail!("it answered: {said}");
    }
    Ok(())
}

/// A function's sample event that needs no rows: its schedule's, its own, or the first request.
fn sample(folder: &Path, function: &str) -> Result<Option<PathBuf>> {
    for name in [format!("{function}-schedule.json"), format!("{function}.json")] {
        let path = folder.join(name);
        if path.exists() {
            return Ok(Some(path));
        }
    }
    let mut own = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with(&format!("{function}-")) {
            own.push(path);
        }
    }
    own.sort();
    Ok(own.into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_either_kind_are_seen() {
        assert!(judge(true, r#"{"statusCode": 404}"#).is_ok());
        assert!(judge(true, r#"{"runs": []}"#).is_ok());
        assert!(judge(true, r#"{"statusCode": 500}"#).is_err());
        assert!(judge(true, r#"{"errorType": "x", "errorMessage": "y"}"#).is_err());
        assert!(judge(false, "").is_err());
    }

    #[test]
    fn every_function_but_migrate_has_a_sample() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for entry in std::fs::read_dir(root.join("functions")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let found = sample(&root.join("events"), &name).unwrap();
            assert_eq!(found.is_none(), name == "migrate", "{name}");
        }
    }
}
