//! Lists as CSV (RFC 4180), for spreadsheets.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@`, whoever wrote it, so such text gets an apostrophe before it
//! (OWASP, "CSV Injection"). An answer of a function holds 6 MB, so a table ends at [`MOST_BYTES`] and `Link` leads on.

mod sheet;

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LINK, VARY};
use axum::http::{HeaderValue, Response as HttpResponse};
use axum::response::Response;
use serde::Serialize;

use crate::cursor::CursorKeys;
use crate::negotiate::MediaType;
use crate::page::PageRequest;
use crate::problem::Problem;

pub use sheet::CsvSheet;

/// How large a table gets before it is continued on another page.
pub const MOST_BYTES: usize = 5_000_000;

/// How many rows are read from the database at once.
const CHUNK: i64 = 1_000;

/// Something that is a row of a table.
pub trait Tabular {
    /// The names of the columns.
    const COLUMNS: &'static [&'static str];
    /// The cells of the row, one for each column.
    fn cells(&self) -> Vec<Cell>;
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// What people wrote: it may look like a formula.
    Text(String),
    /// Numbers, days and words that we made.
    Plain(String),
}

impl Cell {
    /// A cell of text that may be missing.
    #[must_use]
    pub fn text<T: AsRef<str>>(text: Option<T>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.as_ref().to_owned()))
    }

    /// A cell of a value of ours that may be missing.
    #[must_use]
    pub fn plain<T: std::fmt::Display>(value: Option<T>) -> Self {
        value.map_or(Self::Empty, |value| Self::Plain(value.to_string()))
    }

    fn written(self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Plain(text) => text,
            Self::Text(text) if is_run(&text) => format!("'{text}"),
            Self::Text(text) => text,
        }
    }
}

/// Whether a spreadsheet would take a text for a formula. Some pass over what is blank before it, and take the wide forms of
/// East Asian keyboards as well.
fn is_run(text: &str) -> bool {
    let blank = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
    let first = text.trim_start_matches(blank).chars().next();
    first.is_some_and(|first| "=+-@＝＋－＠".contains(first)) || text.starts_with(['\t', '\r', '\n'])
}

/// A table that is being written. `P` is where a list goes on.
#[derive(Debug)]
pub struct CsvTable<P> {
    writer: csv::Writer<Vec<u8>>,
    room: usize,
    /// How many rows are wanted; as many as there is room for when `None`.
    limit: Option<i64>,
    rows: i64,
    last: Option<P>,
    is_full: bool,
    /// Told at the end, so that reading rows has no errors but those of the database.
    broken: Option<String>,
}

impl<P: Serialize> CsvTable<P> {
    /// A table with its header. It holds `limit` rows where the client sent one, else all that there is room for.
    #[must_use]
    pub fn begin<T: Tabular>(page: &PageRequest) -> Self {
        Self::with_room::<T>(page.limit(), MOST_BYTES)
    }

    fn with_room<T: Tabular>(limit: Option<i64>, room: usize) -> Self {
        let mut table = Self {
            writer: writer(),
            room,
            limit,
            rows: 0,
            last: None,
            is_full: false,
            broken: None,
        };
        table.write(T::COLUMNS);
        table
    }

    /// How many rows to read next.
    #[must_use]
    pub fn wanted(&self) -> i64 {
        // One more than fits tells whether there is another page.
        self.limit
            .map_or(CHUNK, |limit| (limit - self.rows + 1).min(CHUNK))
    }

    /// Where to go on reading: after the last row that stands in the table, or where the client's cursor says.
    #[must_use]
    pub const fn last(&self) -> Option<&P> {
        self.last.as_ref()
    }

    /// Adds a row; false when it does not fit any more, and reading can stop.
    pub fn add<T: Tabular>(&mut self, row: &T, position: P) -> bool {
        let cells: Vec<String> = row.cells().into_iter().map(Cell::written).collect();
        let size: usize = cells.iter().map(|cell| size_in_answer(cell)).sum();
        self.is_full = size > self.room || self.limit.is_some_and(|limit| self.rows >= limit);
        if self.is_full {
            return false;
        }
        self.room -= size;
        self.rows += 1;
        self.last = Some(position);
        self.write(&cells)
    }

    fn write<S: AsRef<[u8]>>(&mut self, cells: &[S]) -> bool {
        self.broken = self
            .writer
            .write_record(cells)
            .err()
            .map(|error| error.to_string());
        self.broken.is_none()
    }

    /// The table as a download under a name, with `Link` to the rows that did not fit.
    ///
    /// # Errors
    /// A 500 problem when the table or the cursor could not be written.
    pub fn respond(self, page: &PageRequest, keys: &CursorKeys, name: &str) -> Result<Response, Problem> {
        if let Some(error) = self.broken {
            return Err(unwritten(&error));
        }
        let last = self.last.as_ref().filter(|_| self.is_full);
        let next = last.map(|last| page.address_after(keys, last)).transpose()?;
        let body = self.writer.into_inner().map_err(|error| unwritten(&error))?;
        Ok(download(body, name, next))
    }
}

/// What writes records as RFC 4180 has them.
fn writer() -> csv::Writer<Vec<u8>> {
    let mut builder = csv::WriterBuilder::new();
    builder.terminator(csv::Terminator::CRLF).from_writer(Vec::new())
}

/// A table as a download under a name; `next` is where the rows are that did not fit.
fn download(body: Vec<u8>, name: &str, next: Option<String>) -> Response {
    let mut response: Response = HttpResponse::new(Body::from(body));
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    let link = next.map(|next| (LINK, format!("<{next}>; rel=\"next\"")));
    let headers = [
        (CONTENT_TYPE, MediaType::Csv.content_type().to_owned()),
        (CONTENT_DISPOSITION, disposition),
        (VARY, "accept".to_owned()),
    ];
    for (name, value) in headers.into_iter().chain(link) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// What a cell takes at most of an answer: a body travels as a JSON string, in which quotes and controls are escaped.
fn size_in_answer(cell: &str) -> usize {
    let size = |byte: u8| match byte {
        b'"' => 4,
        b'\\' => 2,
        0..=0x1f => 6,
        _ => 1,
    };
    cell.bytes().map(size).sum::<usize>() + 5
}

fn unwritten(error: &dyn std::fmt::Display) -> Problem {
    Problem::internal(&format!("a table cannot be written as CSV: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Firm(&'static str, i32);

    impl Tabular for Firm {
        const COLUMNS: &'static [&'static str] = &["name", "balance"];
        fn cells(&self) -> Vec<Cell> {
            vec![Cell::text(Some(self.0)), Cell::plain(Some(self.1))]
        }
    }

    fn table(limit: Option<i64>, room: usize, firms: &[Firm]) -> (String, bool, Option<i32>) {
        let mut table = CsvTable::with_room::<Firm>(limit, room);
        for firm in firms {
            if !table.add(firm, firm.1) {
                break;
            }
        }
        let text = String::from_utf8(table.writer.into_inner().unwrap()).unwrap();
        (text, table.is_full, table.last)
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for run in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "\u{feff}=1",
            "＝1",
            "\n",
            "\u{a0}-2",
            "=",
        ] {
            assert!(Cell::Text(run.to_owned()).written().starts_with('\''), "{run:?}");
        }
        for plain in ["", "a=b", "1-2", "O'Neill", "(916) 555-1234", "'=1"] {
            assert_eq!(Cell::Text(plain.to_owned()).written(), plain);
        }
        assert_eq!(Cell::plain(Some(-122.5)).written(), "-122.5");
    }

    #[test]
    fn cells_are_quoted_as_rfc_4180_has_it() {
        let firms = [
            Firm("Smith, \"Bob\"\nand Sons", -3),
            Firm("=cmd|' /C calc'!A0", 1),
        ];
        let (text, full, _) = table(None, 10_000, &firms);
        assert_eq!(
            text,
            "name,balance\r\n\"Smith, \"\"Bob\"\"\nand Sons\",-3\r\n'=cmd|' /C calc'!A0,1\r\n"
        );
        assert!(!full);
    }

    #[test]
    fn a_table_ends_where_there_is_no_room_or_the_limit_is_reached() {
        let firms = || [Firm("a", 1), Firm("b", 2), Firm("c", 3)];
        assert_eq!(
            table(None, 30, &firms()),
            ("name,balance\r\na,1\r\nb,2\r\n".into(), true, Some(2))
        );
        assert_eq!(
            table(Some(1), 999, &firms()),
            ("name,balance\r\na,1\r\n".into(), true, Some(1))
        );
        assert!(!table(Some(3), 999, &firms()).1);
    }

    #[test]
    fn a_cell_takes_no_more_of_the_answer_than_it_is_said_to() {
        for cell in ["", "plain", "\"\"\"", "a,b\\c\u{1}\t\r\n", "ñandú 😀"] {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record([cell]).unwrap();
            let written = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let travels = serde_json::to_string(&written).unwrap().len() - 2;
            assert!(travels <= size_in_answer(cell) + 2, "{cell:?}: {travels}");
        }
    }
}
