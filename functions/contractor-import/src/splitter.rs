//! Cutting a stream of bytes into records, with the exact byte and line on which each begins.
//!
//! The parser is `csv-core`; what stands here is the bookkeeping around it that lets a killed import go on at a record, and the
//! recovery from what the board's files do to a CSV parser: a quotation mark that is never closed, and lines without an end.

use csv_core::{ReadRecordResult, Reader};
use portal_domain::contractor::RejectReason;

use crate::raw_fields::{FieldBuffer, is_record, parser};
use crate::split::{Record, Split};

/// The longest record that is taken, in bytes. What is longer is no contractor.
pub const MAX_RECORD_BYTES: usize = 1 << 20;

/// How much of a rejected record is kept, in bytes.
pub const KEPT_BYTES: usize = 4 << 10;

/// The most fields that a header may have.
const MAX_HEADER_FIELDS: usize = 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Cuts a file into records. Holds one record and one piece of input at a time, whatever the file.
#[derive(Debug)]
pub struct Splitter {
    parser: Reader,
    /// The bytes from the present record on.
    buffer: Vec<u8>,
    /// Where in `buffer` the present record begins.
    start: usize,
    /// How far in `buffer` the parser has come.
    scanned: usize,
    fields: FieldBuffer,
    /// Whether `fields` are those of a record that has been handed out.
    handed_out: bool,
    /// The fields that every record must have; none before the header is read.
    width: Option<usize>,
    /// The position of `buffer[start]` in the file.
    offset: u64,
    /// The line that `buffer[start]` stands on, counted from 1.
    line: u64,
    finished: bool,
    /// The rejected line whose end is being looked for.
    skipping: Option<Skipped>,
    /// The beginning of the last rejected line.
    kept: Vec<u8>,
}

/// A line that is rejected before its end is known.
#[derive(Debug)]
struct Skipped {
    line: u64,
    reason: RejectReason,
}

/// What the parser has come to.
enum Found {
    NeedInput,
    /// A record that ends where the parser stands.
    Record,
    /// Nothing that could be a record: too long, or of far too many fields.
    Overrun,
    End,
}

impl Splitter {
    /// Begins at a byte of the file, which must be the first of a record and stand on this line (counted from 1).
    #[must_use]
    pub fn new(offset: u64, line: u64, width: Option<usize>) -> Self {
        Self {
            parser: parser(),
            buffer: Vec::new(),
            start: 0,
            scanned: 0,
            fields: FieldBuffer::default(),
            handed_out: false,
            width,
            offset,
            line,
            finished: false,
            skipping: None,
            kept: Vec::new(),
        }
    }

    /// The position of the next record in the file.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// The line of the next record, counted from 1.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// Says how many fields every record must have, once the header has told.
    pub fn expect_width(&mut self, width: usize) {
        self.width = Some(width);
    }

    /// Adds the next bytes of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.scanned -= self.start;
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Says that there are no more bytes.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// The next record, reject, or what is needed to find one.
    pub fn step(&mut self) -> Split<'_> {
        loop {
            if let Some(skipped) = self.skipping.take() {
                return self.skip(skipped);
            }
            if std::mem::take(&mut self.handed_out) {
                self.fields.clear();
            }
            match self.scan() {
                Found::NeedInput => return Split::NeedInput,
                Found::End => return Split::End,
                Found::Overrun => self.reject_line(),
                Found::Record => {
                    self.pass_line_ends();
                    self.drop_carriage_return();
                    if self.is_blank() {
                        self.advance_to(self.scanned);
                        self.fields.clear();
                    } else if self.is_swallowed() {
                        self.reject_line();
                    } else {
                        return self.take_record();
                    }
                }
            }
        }
    }

    /// Lets the parser go on to the end of the present record.
    fn scan(&mut self) -> Found {
        if !self.pass_byte_order_mark() {
            return Found::NeedInput;
        }
        let most_fields = self.width.map_or(MAX_HEADER_FIELDS, |width| width * 2);
        loop {
            let input = self.buffer.get(self.scanned..).unwrap_or_default();
            if input.is_empty() && !self.finished {
                return Found::NeedInput;
            }
            let (result, read) = self.fields.read(&mut self.parser, input, most_fields);
            self.scanned += read;
            match result {
                ReadRecordResult::End => return Found::End,
                ReadRecordResult::OutputEndsFull => return Found::Overrun,
                _ if self.scanned - self.start > MAX_RECORD_BYTES => return Found::Overrun,
                ReadRecordResult::Record => return Found::Record,
                ReadRecordResult::InputEmpty | ReadRecordResult::OutputFull => {}
            }
        }
    }

    /// Passes over the mark that may stand before the first byte; false when it cannot be told yet.
    fn pass_byte_order_mark(&mut self) -> bool {
        if self.offset > 0 || self.scanned > self.start {
            return true;
        }
        let input = self.buffer.get(self.start..).unwrap_or_default();
        if !self.finished && input.len() < BYTE_ORDER_MARK.len() {
            return false;
        }
        if input.starts_with(BYTE_ORDER_MARK) {
            self.advance_to(self.start + BYTE_ORDER_MARK.len());
            self.scanned = self.start;
        }
        true
    }

    /// Passes over the line feeds before a record, which the parser has passed over with it.
    fn pass_line_ends(&mut self) {
        let count = self.raw().iter().take_while(|byte| **byte == b'\n').count();
        self.advance_to(self.start + count);
    }

    /// The bytes of the present record as far as they are parsed.
    fn raw(&self) -> &[u8] {
        self.buffer.get(self.start..self.scanned).unwrap_or_default()
    }

    fn drop_carriage_return(&mut self) {
        if self.raw().ends_with(b"\r\n") || self.raw().ends_with(b"\r") {
            self.fields.drop_last_byte();
        }
    }

    fn is_blank(&self) -> bool {
        self.fields.count() <= 1 && self.raw().iter().all(u8::is_ascii_whitespace)
    }

    /// Whether the record runs over several lines only because a quotation mark is not closed: it has the wrong number of fields,
    /// or one of the lines that it has swallowed is a whole record in itself.
    fn is_swallowed(&self) -> bool {
        let Some(width) = self.width else { return false };
        let body = self.raw().strip_suffix(b"\n").unwrap_or(self.raw());
        let mut lines = body.split(|byte| *byte == b'\n').skip(1).peekable();
        lines.peek().is_some() && (self.fields.count() != width || lines.any(|line| is_record(line, width)))
    }

    fn take_record(&mut self) -> Split<'_> {
        let (from, line) = (self.start, self.line);
        self.advance_to(self.scanned);
        self.handed_out = true;
        let raw = self.buffer.get(from..self.start).unwrap_or_default();
        Split::Record(Record {
            line,
            raw,
            fields: self.fields.fields(),
            terminated: raw.ends_with(b"\n"),
        })
    }

    /// Gives up the present record: its first line alone is rejected, and the next line is tried anew.
    fn reject_line(&mut self) {
        self.pass_line_ends();
        let line_end = self
            .buffer
            .get(self.start..)
            .and_then(|rest| rest.iter().position(|byte| *byte == b'\n'));
        let length = line_end.map_or(self.scanned - self.start, |end| end + 1);
        let expected = self.width.unwrap_or(MAX_HEADER_FIELDS);
        let reason = if length > MAX_RECORD_BYTES {
            RejectReason::TooLong {
                limit: MAX_RECORD_BYTES,
            }
        } else if self.scanned - self.start > length {
            RejectReason::UnclosedQuote
        } else {
            RejectReason::FieldCount {
                found: self.fields.count(),
                expected,
            }
        };
        let kept = self
            .buffer
            .get(self.start..self.start + length.min(KEPT_BYTES))
            .unwrap_or_default();
        self.kept.clear();
        self.kept.extend_from_slice(kept);
        self.skipping = Some(Skipped {
            line: self.line,
            reason,
        });
    }

    /// Passes over the rest of a rejected line, and hands it out once its end is found.
    fn skip(&mut self, skipped: Skipped) -> Split<'_> {
        let rest = self.buffer.get(self.start..).unwrap_or_default();
        let line_end = rest.iter().position(|byte| *byte == b'\n');
        self.advance_to(line_end.map_or(self.buffer.len(), |end| self.start + end + 1));
        self.scanned = self.start;
        if line_end.is_none() && !self.finished {
            self.skipping = Some(skipped);
            return Split::NeedInput;
        }
        self.parser.reset();
        let most_fields = self.width.map_or(MAX_HEADER_FIELDS, |width| width * 2);
        self.fields.read_line(self.kept.trim_ascii_end(), most_fields);
        self.handed_out = true;
        let record = Record {
            line: skipped.line,
            raw: &self.kept,
            fields: self.fields.fields(),
            terminated: line_end.is_some(),
        };
        Split::Rejected {
            reason: skipped.reason,
            record,
        }
    }

    /// Moves the beginning of the present record on, and the position in the file with it.
    fn advance_to(&mut self, start: usize) {
        let passed = self.buffer.get(self.start..start).unwrap_or_default();
        self.offset += passed.len() as u64;
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.start = start;
    }
}

#[cfg(test)]
#[path = "splitter_tests.rs"]
mod tests;
