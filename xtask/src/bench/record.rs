//! Putting a run into the documentation: its tables between marks, its plots beside them.

use super::report::Report;
use super::{plots, scale};
use anyhow::{Context, Result};
use std::path::Path;

/// What stands between its marks on a page: `<!-- begin: run -->`, `<!-- end: run -->`.
const RUN: (&str, &str) = ("performance.md", "run");
const GROWTH: (&str, &str) = ("performance.md", "growth");
const SCALE: (&str, &str) = ("scale.md", "scale");

/// Writes a run over the full data set into `docs` of the workspace at this folder.
pub(super) fn run(root: &Path, report: &Report, tables: &str) -> Result<()> {
    let folder = root.join("docs/performance");
    std::fs::create_dir_all(&folder)?;
    let mut text = tables.to_owned();
    for (name, svg) in plots::all(report) {
        std::fs::write(folder.join(name), svg)?;
        text.push_str(&format!(
            "\n![{}](performance/{name})\n",
            name.trim_end_matches(".svg")
        ));
    }
    put(root, RUN, &text)?;
    let scale = scale::table(report).context("a run without rates says nothing of scale")?;
    put(root, SCALE, &scale)
}

/// Writes what ten times the rows have changed.
pub(super) fn growth(root: &Path, table: &str) -> Result<()> {
    put(root, GROWTH, table)
}

fn put(root: &Path, (page, part): (&str, &str), text: &str) -> Result<()> {
    let file = root.join("docs").join(page);
    let old = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let new = between(&old, part, text);
    let new = new.with_context(|| format!("{} lacks the marks of its part {part}", file.display()))?;
    std::fs::write(&file, new).with_context(|| format!("cannot write {}", file.display()))
}

/// The page with another text between the marks of a part.
fn between(page: &str, part: &str, text: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- begin: {part} -->"), format!("<!-- end: {part} -->"));
    let (before, rest) = page.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n{}\n{end}{after}", text.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let page = "# A\n\n<!-- begin: run -->\nold\n<!-- end: run -->\n\nrest\n";
        let new = between(page, "run", "new\n\n").unwrap();
        assert_eq!(new, page.replace("old", "new"));
        assert_eq!(between(&new, "run", "new").unwrap(), new);
        assert_eq!(between(page, "growth", "new"), None);
    }

    #[test]
    fn the_pages_have_their_marks() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        for (page, part) in [RUN, GROWTH, SCALE] {
            let text = std::fs::read_to_string(docs.join(page)).unwrap();
            assert!(between(&text, part, "x").is_some(), "{page}: {part}");
        }
    }
}
