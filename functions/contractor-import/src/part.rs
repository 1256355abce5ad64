//! Gathering records into the parts that are staged at once.

use portal_data::imports::{Checkpoint, Chunk, Reject};
use portal_domain::contractor::{
    ContractorRecord, Fingerprint, Layout, LicenceNumber, Normalised, RejectReason, SourceFormat,
    WarningCounts, WarningKind, last_update, normalise,
};
use portal_domain::ids::ImportId;
use time::Date;

use crate::decode::{decode, readable};
use crate::split::Record;

/// A part is staged when it has so many rows, or so many bytes: few enough for memory, enough that round trips do not count.
const MOST_ROWS: usize = 10_000;
const MOST_BYTES: usize = 4 << 20;

/// The part of the file that is being gathered.
#[derive(Debug)]
pub struct Part {
    import: String,
    chunk: Chunk,
    /// Bytes of rows and rejects.
    size: usize,
    /// Counts from the beginning of the file.
    totals: Totals,
}

/// What has been counted since the beginning of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Records read.
    pub read: i64,
    /// Records rejected.
    pub rejected: i64,
    /// Warnings.
    pub warnings: WarningCounts,
    /// The date that the rows carry: of rows that disagree, the latest.
    pub as_of: Option<Date>,
}

impl Part {
    /// An empty part of an import of which so much was counted before.
    #[must_use]
    pub fn new(import: ImportId, totals: Totals) -> Self {
        Self {
            import: import.to_string(),
            chunk: Chunk::default(),
            size: 0,
            totals,
        }
    }

    /// What has been counted so far.
    #[must_use]
    pub const fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Whether the part should be staged before more is added.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.chunk.ends.len() >= MOST_ROWS || self.size >= MOST_BYTES
    }

    /// Hands the part out, with the position behind it, and begins the next one.
    pub fn take(&mut self, byte_offset: u64, next_line: u64) -> Chunk {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.chunk.checkpoint = Checkpoint {
            byte_offset: signed(byte_offset),
            line_number: signed(next_line.saturating_sub(1)),
            rows_read: self.totals.read,
            rows_rejected: self.totals.rejected,
            warnings: self.totals.warnings.by_name(),
        };
        self.size = 0;
        let rows = self.chunk.ends.len();
        let next = Chunk {
            licence_numbers: Vec::with_capacity(rows),
            fingerprints: Vec::with_capacity(self.chunk.fingerprints.len()),
            ends: Vec::with_capacity(rows),
            lines: Vec::with_capacity(self.chunk.lines.len()),
            seen: Vec::with_capacity(self.chunk.seen.len()),
            ..Chunk::default()
        };
        std::mem::replace(&mut self.chunk, next)
    }

    /// Counts a warning that belongs to the file and to no row of it.
    pub fn warn(&mut self, kind: WarningKind) {
        self.totals.warnings.add(kind, 1);
    }

    /// Adds a record: as a row, or as a reject where it cannot be one.
    pub fn add(&mut self, layout: &Layout, record: &Record<'_>) {
        self.totals.read += 1;
        let decoded = decode(record);
        let fields = decoded.fields();
        self.totals.as_of = self.totals.as_of.max(last_update(layout, fields));
        let mut warnings = WarningCounts::default();
        match normalise(layout, fields, &mut warnings) {
            Normalised::Record(contractor) => {
                if decoded.windows_1252 {
                    warnings.add(WarningKind::Windows1252, 1);
                }
                self.totals.warnings.merge(&warnings);
                self.add_row(layout.format(), &contractor, record.line);
            }
            Normalised::Rejected {
                reason,
                licence_number,
            } => {
                self.add_reject(
                    record,
                    &reason,
                    licence_number.as_ref().map(LicenceNumber::as_str),
                );
            }
        }
    }

    /// Adds a line that is no record.
    pub fn reject(&mut self, layout: &Layout, record: &Record<'_>, reason: &RejectReason) {
        self.totals.read += 1;
        let decoded = decode(record);
        let normalised = normalise(layout, decoded.fields(), &mut WarningCounts::default());
        let licence_number = match normalised {
            Normalised::Record(contractor) => Some(contractor.licence_number),
            Normalised::Rejected { licence_number, .. } => licence_number,
        };
        self.add_reject(record, reason, licence_number.as_ref().map(LicenceNumber::as_str));
    }

    fn add_row(&mut self, format: SourceFormat, row: &ContractorRecord<'_>, line: u64) {
        let lines = &mut self.chunk.lines;
        let begin = lines.len();
        lines.extend_from_slice(self.import.as_bytes());
        lines.extend_from_slice(format!("\t{line}\t").as_bytes());
        let canonical = lines.len();
        row.write_canonical(lines);
        match format {
            SourceFormat::LicenseMaster => {
                let fingerprint = Fingerprint::of(lines.get(canonical..).unwrap_or_default()).as_uuid();
                lines.extend_from_slice(format!("\t{fingerprint}\n").as_bytes());
                self.chunk.fingerprints.push(fingerprint);
            }
            SourceFormat::CountyList => lines.extend_from_slice(b"\t\\N\n"),
        }
        self.chunk.ends.push(lines.len());
        self.size += lines.len() - begin;
        self.chunk
            .licence_numbers
            .push(row.licence_number.as_str().to_owned());
        self.see(row.licence_number.as_str(), line);
    }

    /// Rejects are seen on line 0: the licence has not vanished, but this is no row that could be the last one of a licence.
    fn add_reject(&mut self, record: &Record<'_>, reason: &RejectReason, licence_number: Option<&str>) {
        self.totals.rejected += 1;
        if let Some(licence_number) = licence_number {
            self.see(licence_number, 0);
        }
        let kept = record
            .raw
            .get(..crate::splitter::KEPT_BYTES)
            .unwrap_or(record.raw);
        let text = readable(kept);
        self.size += text.len();
        self.chunk.rejects.push(Reject {
            line: i64::try_from(record.line).unwrap_or(i64::MAX),
            reason: reason.to_string(),
            record: text,
        });
    }

    fn see(&mut self, licence_number: &str, line: u64) {
        self.chunk
            .seen
            .extend_from_slice(format!("{}\t{line}\t{licence_number}\n", self.import).as_bytes());
        self.chunk.seen_count += 1;
    }
}

#[cfg(test)]
#[path = "part_tests.rs"]
mod tests;
