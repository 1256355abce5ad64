//! The fields of a record before they are text.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

/// The fields of a record as bytes, quotes resolved.
#[derive(Clone, Copy, Debug)]
pub struct RawFields<'a> {
    /// All fields, one behind the other.
    pub bytes: &'a [u8],
    /// Where each ends.
    pub ends: &'a [usize],
}

/// Where the parser writes the fields of a record to.
#[derive(Debug, Default)]
pub(crate) struct FieldBuffer {
    bytes: Vec<u8>,
    length: usize,
    ends: Vec<usize>,
    count: usize,
}

impl FieldBuffer {
    pub(crate) fn clear(&mut self) {
        self.length = 0;
        self.count = 0;
    }

    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn fields(&self) -> RawFields<'_> {
        RawFields {
            bytes: self.bytes.get(..self.length).unwrap_or_default(),
            ends: self.ends.get(..self.count).unwrap_or_default(),
        }
    }

    /// Takes the last byte off the last field.
    pub(crate) fn drop_last_byte(&mut self) {
        self.length = self.length.saturating_sub(1);
        let length = self.length;
        if let Some(end) = self.count.checked_sub(1).and_then(|last| self.ends.get_mut(last)) {
            *end = (*end).min(length);
        }
    }

    /// Lets the parser read on: what it met, and how many bytes it took.
    pub(crate) fn read(
        &mut self,
        parser: &mut Reader,
        input: &[u8],
        most_fields: usize,
    ) -> (ReadRecordResult, usize) {
        // No field is longer than the text that it comes from, so the parser never runs out of room for bytes.
        let room = self.length + input.len() + 1;
        if self.bytes.len() < room {
            self.bytes.resize(room, 0);
        }
        if self.ends.len() < most_fields {
            self.ends.resize(most_fields, 0);
        }
        let bytes = self.bytes.get_mut(self.length..).unwrap_or_default();
        let ends = self.ends.get_mut(self.count..most_fields).unwrap_or_default();
        let (result, read, written, ended) = parser.read_record(input, bytes, ends);
        self.length += written;
        self.count += ended;
        (result, read)
    }

    /// Reads one line by itself, without its end.
    pub(crate) fn read_line(&mut self, line: &[u8], most_fields: usize) {
        self.clear();
        let mut parser = parser();
        let (result, _) = self.read(&mut parser, line, most_fields);
        if matches!(result, ReadRecordResult::InputEmpty) {
            self.read(&mut parser, b"", most_fields);
        }
    }
}

/// Records end at line feeds alone, so that a stray carriage return inside a field stays there.
pub(crate) fn parser() -> Reader {
    ReaderBuilder::new().terminator(Terminator::Any(b'\n')).build()
}

/// Whether a line by itself is a record that begins, as every row of the board does, with a number.
pub(crate) fn is_record(line: &[u8], width: usize) -> bool {
    if !line.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let mut fields = FieldBuffer::default();
    fields.read_line(line, width * 2);
    fields.count() == width
}
