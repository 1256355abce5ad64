//! A table that is written piece by piece, for what may outgrow an answer.

use axum::response::Response;

use super::{MOST_BYTES, Tabular, download, size_in_answer, unwritten, writer};
use crate::problem::Problem;

/// A table in the making: as long as it fits it can be answered, and whatever its size it can be taken away in pieces.
#[derive(Debug)]
pub struct CsvSheet {
    writer: csv::Writer<Vec<u8>>,
    size_in_answer: usize,
    rows: i64,
}

impl CsvSheet {
    /// A table with its header.
    ///
    /// # Errors
    /// A 500 problem when it could not be written.
    pub fn begin<T: Tabular>() -> Result<Self, Problem> {
        let mut sheet = Self {
            writer: writer(),
            size_in_answer: 0,
            rows: 0,
        };
        sheet.write(T::COLUMNS)?;
        Ok(sheet)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// A 500 problem when it could not be written.
    pub fn add<T: Tabular>(&mut self, row: &T) -> Result<(), Problem> {
        let cells: Vec<String> = row.cells().into_iter().map(super::Cell::written).collect();
        self.size_in_answer += cells.iter().map(|cell| size_in_answer(cell)).sum::<usize>();
        self.rows += 1;
        self.write(&cells)
    }

    /// How many rows there are.
    #[must_use]
    pub const fn rows(&self) -> i64 {
        self.rows
    }

    /// Whether an answer of a function holds what was added.
    #[must_use]
    pub const fn fits(&self) -> bool {
        self.size_in_answer <= MOST_BYTES
    }

    /// Takes away what was written since the last time.
    ///
    /// # Errors
    /// A 500 problem when it could not be written.
    pub fn take(&mut self) -> Result<Vec<u8>, Problem> {
        let written = std::mem::replace(&mut self.writer, writer());
        written.into_inner().map_err(|error| unwritten(&error))
    }

    /// The table as a download under a name, with `Link` to the rows that are not in it, if there are any.
    ///
    /// # Errors
    /// A 500 problem when it could not be written.
    pub fn respond(mut self, name: &str, next: Option<String>) -> Result<Response, Problem> {
        Ok(download(self.take()?, name, next))
    }

    fn write<S: AsRef<[u8]>>(&mut self, cells: &[S]) -> Result<(), Problem> {
        self.writer.write_record(cells).map_err(|error| unwritten(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Cell;
    use super::*;

    struct Firm(&'static str);

    impl Tabular for Firm {
        const COLUMNS: &'static [&'static str] = &["name", "size"];
        fn cells(&self) -> Vec<Cell> {
            vec![Cell::text(Some(self.0)), Cell::plain(Some(self.0.len()))]
        }
    }

    #[test]
    fn pieces_make_one_table_with_one_header() {
        let mut sheet = CsvSheet::begin::<Firm>().unwrap();
        sheet.add(&Firm("=A")).unwrap();
        let mut whole = sheet.take().unwrap();
        sheet.add(&Firm("b, \"c\"")).unwrap();
        whole.extend(sheet.take().unwrap());
        whole.extend(sheet.take().unwrap());
        assert_eq!(
            String::from_utf8(whole).unwrap(),
            "name,size\r\n'=A,2\r\n\"b, \"\"c\"\"\",6\r\n"
        );
        assert_eq!(sheet.rows(), 2);
    }

    #[test]
    fn a_table_fits_until_it_is_larger_than_an_answer() {
        let mut sheet = CsvSheet::begin::<Firm>().unwrap();
        for _ in 0..MOST_BYTES / 10 {
            sheet.add(&Firm("0123456789")).unwrap();
        }
        assert!(!sheet.fits());
        let mut small = CsvSheet::begin::<Firm>().unwrap();
        small.add(&Firm("a")).unwrap();
        assert!(small.fits());
    }
}
