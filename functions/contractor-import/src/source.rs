//! Opening a contractor file: its header, and what is wrong with files that are none.

use portal_domain::contractor::{HeaderError, Layout};
use portal_jobs::{ObjectError, ObjectHead, ObjectKey, ObjectStore, ObjectStream};

use crate::decode::decode;
use crate::split::Split;
use crate::splitter::Splitter;

/// Why an object cannot be imported, and never will be.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There are no bytes, or blank lines alone.
    #[error("the object is empty")]
    Empty,
    /// It is something else than CSV.
    #[error("the object is {found}, not a CSV file: {advice}")]
    NotCsv {
        /// What it is.
        found: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// The first line is no header of ours.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The first line does not end.
    #[error("the first line is longer than a megabyte, so it is not the header of a contractor file")]
    EndlessHeader,
    /// The object could not be read.
    #[error(transparent)]
    Object(#[from] ObjectError),
}

/// A contractor file that is open behind its header, or at a checkpoint.
#[derive(Debug)]
pub struct Source {
    /// Its columns.
    pub layout: Layout,
    /// Its bytes from here on.
    pub stream: ObjectStream,
    /// Its records from here on.
    pub splitter: Splitter,
}

/// Opens a file behind its header.
///
/// # Errors
/// [`SourceError`], with what is wrong and what to do.
pub(crate) async fn open(
    store: &ObjectStore,
    object: &ObjectKey,
    head: &ObjectHead,
) -> Result<Source, SourceError> {
    let mut stream = store.stream(object.clone(), head, 0);
    let mut splitter = Splitter::new(0, 1, None);
    let mut begun = false;
    let layout = loop {
        match splitter.step() {
            Split::NeedInput => match stream.next().await? {
                Some(bytes) => {
                    if !begun {
                        sniff(&bytes)?;
                    }
                    begun = true;
                    splitter.feed(&bytes);
                }
                None => splitter.finish(),
            },
            Split::End => return Err(SourceError::Empty),
            Split::Rejected { .. } => return Err(SourceError::EndlessHeader),
            Split::Record(header) => break Layout::from_header(decode(&header).fields())?,
        }
    };
    splitter.expect_width(layout.width());
    Ok(Source {
        layout,
        stream,
        splitter,
    })
}

/// Opens a file where an earlier invocation stopped: at the first byte of the line behind `lines`. The header is read again.
///
/// # Errors
/// As [`open`].
pub(crate) async fn open_at(
    store: &ObjectStore,
    object: &ObjectKey,
    head: &ObjectHead,
    offset: u64,
    lines: u64,
) -> Result<Source, SourceError> {
    let layout = open(store, object, head).await?.layout;
    let splitter = Splitter::new(offset, lines + 1, Some(layout.width()));
    Ok(Source {
        stream: store.stream(object.clone(), head, offset),
        splitter,
        layout,
    })
}

/// Looks at the first bytes for what people and broken downloads put in the place of a CSV file.
fn sniff(bytes: &[u8]) -> Result<(), SourceError> {
    let not_csv = |found, advice| Err(SourceError::NotCsv { found, advice });
    let text = bytes.trim_ascii_start();
    if bytes.starts_with(b"PK\x03\x04") {
        return not_csv(
            "a ZIP archive or an Excel workbook",
            "unpack it, or save it as CSV, and upload that",
        );
    }
    if bytes.starts_with(b"\x1f\x8b") {
        return not_csv("a gzip archive", "unpack it and upload the CSV file");
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return not_csv("UTF-16 text", "save it as UTF-8");
    }
    if bytes.starts_with(b"%PDF") {
        return not_csv("a PDF document", "download the CSV file and upload that");
    }
    if text.starts_with(b"<") {
        return not_csv(
            "a web page or XML",
            "the download has failed; download the CSV file again and upload that",
        );
    }
    if bytes.iter().take(8192).any(|byte| *byte == 0) {
        return not_csv("binary data", "download the CSV file again and upload that");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_csv_is_called_by_its_name() {
        for (bytes, name) in [
            (b"PK\x03\x04rest".as_slice(), "ZIP"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"\xff\xfeL\0i\0", "UTF-16"),
            (b"%PDF-1.7", "PDF"),
            (b"\r\n <!DOCTYPE html>", "web page"),
            (b"\x7fELF\0\0", "binary"),
        ] {
            let error = sniff(bytes).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
        assert!(sniff(b"\xef\xbb\xbfLicenseNo,LastUpdate").is_ok());
    }
}
