//! How large the functions' zips are, where they were built beforehand.

use super::report::Package;
use crate::stack::functions;
use crate::stack::layout::Layout;
use anyhow::{Context, Result};
use std::path::Path;

/// What every crate of the SDK of S3 leaves in a binary: its name in the places of its errors.
const S3: &[u8] = b"aws-sdk-s3";

/// All of them. `cargo lambda build --output-format zip` puts them below `target/lambda`.
pub(super) fn all(layout: &Layout) -> Result<Vec<Package>> {
    let mut packages = Vec::new();
    for function in functions::list(layout)? {
        let zip = layout
            .target
            .join("lambda")
            .join(function.name)
            .join("bootstrap.zip");
        if zip.exists() {
            packages.push(Package {
                function: function.name.to_owned(),
                megabytes: megabytes(&zip)?,
                with_s3: holds(&layout.binaries(true).join(function.name), S3)?,
            });
        }
    }
    Ok(packages)
}

fn megabytes(file: &Path) -> Result<f64> {
    let bytes = u32::try_from(std::fs::metadata(file)?.len()).unwrap_or(u32::MAX);
    Ok(f64::from(bytes) / 1e6)
}

/// Whether a file holds these bytes.
fn holds(file: &Path, wanted: &[u8]) -> Result<bool> {
    let content = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(content.windows(wanted.len()).any(|found| found == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_searched_and_measured() {
        let file = std::env::temp_dir().join(format!("xtask-packages-{}", std::process::id()));
        std::fs::write(&file, [vec![0; 999_990], b"aws-sdk-s3".to_vec()].concat()).unwrap();
        assert!(holds(&file, S3).unwrap() && !holds(&file, b"aws-sdk-sns").unwrap());
        assert_eq!(megabytes(&file).unwrap(), 1.0);
        std::fs::remove_file(&file).unwrap();
    }
}
