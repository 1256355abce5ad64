//! COPY into PostgreSQL, text format: <https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.2>.

use anyhow::{Context as _, Result};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::postgres::PgCopyIn;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::data::dates::iso;

/// How much is gathered before it is sent.
const CHUNK: usize = 1 << 18;

/// A value of one column, in the form that its type reads.
pub(super) trait Cell {
    /// Appends the value, not yet escaped; false when there is none.
    fn write(&self, out: &mut String) -> bool;
}

/// Rows on their way into one table.
pub(super) struct Copy<'c> {
    table: &'static str,
    /// Here until the first row, whose names the statement needs, has come.
    connection: Option<&'c mut PgConnection>,
    sink: Option<PgCopyIn<&'c mut PgConnection>>,
    columns: Vec<&'static str>,
    buffer: Vec<u8>,
    cell: String,
    rows: u64,
}

impl<'c> Copy<'c> {
    /// Nothing is sent before the first row.
    pub(super) fn into(connection: &'c mut PgConnection, table: &'static str) -> Self {
        Self {
            table,
            connection: Some(connection),
            sink: None,
            columns: Vec::new(),
            buffer: Vec::with_capacity(CHUNK + (1 << 14)),
            cell: String::new(),
            rows: 0,
        }
    }

    /// Adds a whole row: each column's name and value, in the same order every time.
    pub(super) async fn row(&mut self, cells: &[(&'static str, &dyn Cell)]) -> Result<()> {
        self.cells(cells);
        self.end_row().await
    }

    /// Adds some columns to the row that is being made.
    pub(super) fn cells(&mut self, cells: &[(&'static str, &dyn Cell)]) {
        if self.connection.is_some() {
            self.columns.extend(cells.iter().map(|(name, _)| *name));
        }
        for (_, cell) in cells {
            self.cell.clear();
            if cell.write(&mut self.cell) {
                escape(&self.cell, &mut self.buffer);
            } else {
                self.buffer.extend_from_slice(b"\\N");
            }
            self.buffer.push(b'\t');
        }
    }

    /// Ends the row that is being made.
    pub(super) async fn end_row(&mut self) -> Result<()> {
        if let Some(connection) = self.connection.take() {
            let statement = format!("COPY {} ({}) FROM STDIN", self.table, self.columns.join(", "));
            let sink = connection.copy_in_raw(&statement).await;
            self.sink = Some(sink.with_context(|| format!("cannot load {}", self.table))?);
        }
        // The last column's tab becomes the row's end.
        self.buffer.pop();
        self.buffer.push(b'\n');
        self.rows += 1;
        if self.buffer.len() >= CHUNK {
            self.send().await?;
        }
        Ok(())
    }

    /// Ends the load and tells how many rows there were.
    pub(super) async fn finish(mut self) -> Result<u64> {
        self.send().await?;
        if let Some(sink) = self.sink.take() {
            sink.finish()
                .await
                .with_context(|| format!("cannot load {}", self.table))?;
        }
        Ok(self.rows)
    }

    async fn send(&mut self) -> Result<()> {
        if let Some(sink) = &mut self.sink {
            sink.send(self.buffer.as_slice())
                .await
                .with_context(|| format!("cannot load {}", self.table))?;
        }
        self.buffer.clear();
        Ok(())
    }
}

fn escape(text: &str, out: &mut Vec<u8>) {
    for byte in text.bytes() {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            other => out.push(other),
        }
    }
}

/// A point, longitude first, in WGS84 degrees.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point(pub(super) f64, pub(super) f64);

impl Cell for Point {
    fn write(&self, out: &mut String) -> bool {
        out.push_str(&format!("SRID=4326;POINT({} {})", self.0, self.1));
        true
    }
}

/// An array of text.
#[derive(Clone, Copy, Debug)]
pub(super) struct List<'a>(pub(super) &'a [&'a str]);

impl Cell for List<'_> {
    fn write(&self, out: &mut String) -> bool {
        out.push('{');
        for (at, item) in self.0.iter().enumerate() {
            out.push_str(if at > 0 { ",\"" } else { "\"" });
            out.push_str(&item.replace('\\', "\\\\").replace('"', "\\\""));
            out.push('"');
        }
        out.push('}');
        true
    }
}

impl Cell for str {
    fn write(&self, out: &mut String) -> bool {
        out.push_str(self);
        true
    }
}

impl Cell for &str {
    fn write(&self, out: &mut String) -> bool {
        out.push_str(self);
        true
    }
}

impl<T: Cell> Cell for Option<T> {
    fn write(&self, out: &mut String) -> bool {
        self.as_ref().is_some_and(|value| value.write(out))
    }
}

impl Cell for OffsetDateTime {
    fn write(&self, out: &mut String) -> bool {
        let moment = self.to_utc();
        let (date, time) = (moment.date(), moment.time());
        date.write(out);
        let (hour, minute, second, milli) = time.as_hms_milli();
        out.push_str(&format!(" {hour:02}:{minute:02}:{second:02}.{milli:03}+00"));
        true
    }
}

impl Cell for Date {
    fn write(&self, out: &mut String) -> bool {
        out.push_str(&iso(*self));
        true
    }
}

/// Types whose display is what PostgreSQL reads.
macro_rules! cells_by_display {
    ($($type:ty),+) => {$(
        impl Cell for $type {
            fn write(&self, out: &mut String) -> bool {
                use std::fmt::Write as _;
                write!(out, "{self}").is_ok()
            }
        }
    )+};
}
cells_by_display!(String, bool, i64, u64, Uuid, Value);

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::{date, datetime};

    use super::*;

    fn written(cell: &dyn Cell) -> String {
        let mut out = String::new();
        assert!(cell.write(&mut out));
        out
    }

    #[test]
    fn values_are_written_as_their_types_read_them() {
        assert_eq!(
            written(&datetime!(2026-11-22 08:05:03.007 -8)),
            "2026-11-22 16:05:03.007+00"
        );
        assert_eq!(written(&date!(2026 - 01 - 02)), "2026-01-02");
        assert_eq!(written(&Point(-122.25, 37.5)), "SRID=4326;POINT(-122.25 37.5)");
        assert_eq!(
            written(&List(&["a \"b\"", "c\\d", ""])),
            r#"{"a \"b\"","c\\d",""}"#
        );
        assert_eq!(written(&json!({"a": [1]})), r#"{"a":[1]}"#);
        assert_eq!(written(&true), "true");
        assert!(!None::<i64>.write(&mut String::new()));
    }

    #[test]
    fn control_characters_do_not_end_a_row() {
        let mut out = Vec::new();
        escape("a\tb\nc\\d", &mut out);
        assert_eq!(out, br"a\tb\nc\\d");
    }
}
