//! From bytes to text.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use portal_domain::contractor::Fields;

use crate::raw_fields::RawFields;
use crate::split::Record;

/// The text of a record's fields.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    text: Cow<'a, str>,
    ends: Cow<'a, [usize]>,
    /// Whether the record was read as Windows-1252.
    pub(crate) windows_1252: bool,
}

impl Decoded<'_> {
    /// The fields.
    #[must_use]
    pub(crate) fn fields(&self) -> Fields<'_> {
        Fields::new(&self.text, &self.ends)
    }
}

/// Reads a record as UTF-8 where it is, else as Windows-1252, which has a letter for every byte; Latin-1 text reads the same in
/// it. Record by record, since the board's file has been seen to mix both.
#[must_use]
pub(crate) fn decode<'a>(record: &Record<'a>) -> Decoded<'a> {
    // The record as it stands, and not its fields, is what must be UTF-8: without the commas two broken letters could form a whole one.
    if std::str::from_utf8(record.raw).is_ok()
        && let Ok(text) = std::str::from_utf8(record.fields.bytes)
    {
        return Decoded {
            text: Cow::Borrowed(text),
            ends: Cow::Borrowed(record.fields.ends),
            windows_1252: false,
        };
    }
    decode_windows_1252(record.fields)
}

fn decode_windows_1252(fields: RawFields<'_>) -> Decoded<'static> {
    let mut text = String::with_capacity(fields.bytes.len() + 16);
    let mut ends = Vec::with_capacity(fields.ends.len());
    let mut start = 0;
    for end in fields.ends {
        let (field, _) =
            WINDOWS_1252.decode_without_bom_handling(fields.bytes.get(start..*end).unwrap_or_default());
        text.push_str(&field);
        ends.push(text.len());
        start = *end;
    }
    Decoded {
        text: Cow::Owned(text),
        ends: Cow::Owned(ends),
        windows_1252: true,
    }
}

/// The beginning of a rejected record as text that PostgreSQL can store, without its line end.
#[must_use]
pub(crate) fn readable(raw: &[u8]) -> String {
    let raw = raw.trim_ascii_end();
    let text = match std::str::from_utf8(raw) {
        Ok(text) => Cow::Borrowed(text),
        // Cut in the middle of a letter is not Windows-1252.
        Err(error) if error.error_len().is_none() => String::from_utf8_lossy(raw),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(raw).0,
    };
    text.replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(raw: &'static [u8], ends: &'static [usize]) -> Record<'static> {
        Record {
            line: 1,
            raw,
            fields: RawFields { bytes: raw, ends },
            terminated: true,
        }
    }

    #[test]
    fn utf_8_is_taken_as_it_is() {
        let decoded = decode(&record("MUÑOZ,x".as_bytes(), &[6, 8]));
        assert!(!decoded.windows_1252);
        assert_eq!(decoded.fields().get(0), Some("MUÑOZ"));
    }

    #[test]
    fn other_bytes_are_windows_1252() {
        let decoded = decode(&record(b"MU\xd1OZ\x93x\x94\x81", &[5, 8, 9]));
        assert!(decoded.windows_1252);
        assert_eq!(
            decoded.fields().iter().collect::<Vec<_>>(),
            ["MUÑOZ", "“x”", "\u{81}"]
        );
    }

    #[test]
    fn letters_never_form_across_fields() {
        let raw = Record {
            raw: b"\xc3,\x91",
            ..record(b"\xc3\x91", &[1, 2])
        };
        assert_eq!(decode(&raw).fields().iter().collect::<Vec<_>>(), ["Ã", "‘"]);
    }

    #[test]
    fn a_reject_is_kept_readable() {
        assert_eq!(readable(b"a\0b\r\n"), "a\u{fffd}b");
        assert_eq!(readable(b"MU\xd1OZ,x\n"), "MUÑOZ,x");
        assert_eq!(readable(&"Ñ".as_bytes()[..1]), "\u{fffd}");
    }
}
