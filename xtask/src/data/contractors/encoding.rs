//! The bytes in which a file is written.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

/// How letters become bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Encoding {
    /// UTF-8.
    #[default]
    #[value(name = "utf-8")]
    Utf8,
    /// UTF-8 behind a byte-order mark.
    #[value(name = "utf-8-bom")]
    Utf8Bom,
    /// Windows-1252 throughout.
    #[value(name = "windows-1252")]
    Windows1252,
    /// UTF-8, but for one row in a hundred that some other program wrote in Windows-1252.
    #[value(name = "mixed")]
    Mixed,
}

impl Encoding {
    /// What stands before the first line.
    pub(super) const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8Bom => b"\xef\xbb\xbf",
            _ => b"",
        }
    }

    /// The bytes of the line of the row at `index`.
    pub(super) fn encode(self, line: &str, index: u64) -> Cow<'_, [u8]> {
        match self {
            Self::Windows1252 => WINDOWS_1252.encode(line).0,
            Self::Mixed if index % 100 == 7 => WINDOWS_1252.encode(line).0,
            _ => Cow::Borrowed(line.as_bytes()),
        }
    }
}
