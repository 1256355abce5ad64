//! What a stream of CSV holds: its digest, its size, and how many rows it has.

use std::io::Write;

use sha2::{Digest as _, Sha256};

/// The content of an archive before compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// SHA-256 of all bytes.
    pub sha256: [u8; 32],
    /// How many bytes.
    pub bytes: u64,
    /// Rows behind the line with the names of the columns.
    pub rows: u64,
}

impl Content {
    /// The digest in hexadecimal.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.sha256)
    }
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a stream piece by piece, however it is cut.
#[derive(Clone, Debug, Default)]
pub struct Counter {
    sha256: Sha256,
    bytes: u64,
    lines: u64,
    quoted: bool,
}

impl Counter {
    /// Takes the next bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        for byte in bytes {
            match byte {
                // A doubled quote inside of a value closes and opens it again.
                b'"' => self.quoted = !self.quoted,
                b'\n' if !self.quoted => self.lines += 1,
                _ => {}
            }
        }
    }

    /// What it was.
    #[must_use]
    pub fn finish(self) -> Content {
        Content {
            sha256: self.sha256.finalize().into(),
            bytes: self.bytes,
            rows: self.lines.saturating_sub(1),
        }
    }
}

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &[u8] = b"id,note\n1,plain\n2,\"two\nlines\"\n3,\"a \"\"quoted\"\"\nword\"\n4,\n";

    #[test]
    fn rows_are_counted_however_the_stream_is_cut() {
        let mut whole = Counter::default();
        whole.add(CSV);
        let whole = whole.finish();
        assert_eq!((whole.rows, whole.bytes), (4, CSV.len() as u64));
        for size in 1..CSV.len() {
            let mut cut = Counter::default();
            CSV.chunks(size).for_each(|piece| cut.add(piece));
            assert_eq!(cut.finish(), whole, "in pieces of {size}");
        }
    }

    #[test]
    fn nothing_and_names_alone_are_no_rows() {
        assert_eq!(Counter::default().finish().rows, 0);
        let mut names = Counter::default();
        names.add(b"id,note\n");
        let names = names.finish();
        assert_eq!(names.rows, 0);
        assert_eq!(&names.hex()[..8], &hex(&Sha256::digest(b"id,note\n"))[..8]);
    }

    #[test]
    fn any_other_byte_is_another_content() {
        let of = |bytes: &[u8]| {
            let mut counter = Counter::default();
            counter.add(bytes);
            counter.finish()
        };
        let mut other = CSV.to_vec();
        other[9] ^= 1;
        assert_ne!(of(&other).sha256, of(CSV).sha256);
    }
}
