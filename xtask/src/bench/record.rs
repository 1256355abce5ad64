//! Putting a run into the documentation: its tables between marks, its plots beside them.

use super::report::Report;
use super::{plots, scale};
use anyhow::{Context, Result};
use std::path::Path;

const BEGIN: &str = "<!-- begin: cargo xtask bench --record -->";
const END: &str = "<!-- end -->";

/// Writes a run into `docs` of the workspace at this folder.
pub(super) fn record(root: &Path, report: &Report, tables: &str) -> Result<()> {
    let docs = root.join("docs");
    let folder = docs.join("performance");
    std::fs::create_dir_all(&folder)?;
    let mut text = tables.to_owned();
    for (name, svg) in plots::all(report) {
        std::fs::write(folder.join(name), svg)?;
        text.push_str(&format!(
            "\n![{}](performance/{name})\n",
            name.trim_end_matches(".svg")
        ));
    }
    put(&docs.join("performance.md"), &text)?;
    let scale = scale::table(report).context("a run without rates says nothing of scale")?;
    put(&docs.join("scale.md"), &scale)
}

fn put(file: &Path, text: &str) -> Result<()> {
    let old = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let new =
        between(&old, text).with_context(|| format!("{} lacks the marks for figures", file.display()))?;
    std::fs::write(file, new).with_context(|| format!("cannot write {}", file.display()))
}

/// The document with another text between the marks.
fn between(document: &str, text: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}\n{END}{after}", text.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let document = format!("# A\n\n{BEGIN}\nold\n{END}\n\nrest\n");
        let new = between(&document, "new\n\n").unwrap();
        assert_eq!(new, format!("# A\n\n{BEGIN}\nnew\n{END}\n\nrest\n"));
        assert_eq!(between(&new, "new").unwrap(), new);
        assert_eq!(between("no marks", "new"), None);
    }

    #[test]
    fn the_documents_have_their_marks() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        for name in ["performance.md", "scale.md"] {
            let document = std::fs::read_to_string(docs.join(name)).unwrap();
            assert!(between(&document, "x").is_some(), "{name}");
        }
    }
}
