//! A report on its way out, as JSON or as a table.

use axum::Json;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use portal_domain::listing::Day;
use portal_http::Problem;
use portal_http::csv::{Cell, CsvSheet, Tabular};
use portal_http::negotiate::{MediaType, negotiate};
use serde::Serialize;

/// Chooses between JSON and CSV.
///
/// # Errors
/// A 406 problem when the client wants neither.
pub(crate) fn report_media(headers: &HeaderMap) -> Result<MediaType, Problem> {
    negotiate(headers, &[MediaType::Json, MediaType::Csv])
}

/// The report, or its rows as a table under a name.
///
/// # Errors
/// A 500 problem when the table could not be written.
pub(crate) fn answer<R: Serialize, T: Tabular>(
    media: MediaType,
    report: R,
    rows: impl FnOnce(R) -> Vec<T>,
    name: &str,
) -> Result<Response, Problem> {
    if media != MediaType::Csv {
        return Ok(Json(report).into_response());
    }
    let mut sheet = CsvSheet::begin::<T>()?;
    for row in rows(report) {
        sheet.add(&row)?;
    }
    sheet.respond(name, None)
}

/// A cell of a day.
pub(crate) fn day(day: Day) -> Cell {
    Cell::plain(Some(day))
}

/// A cell of a number.
pub(crate) fn number(number: i64) -> Cell {
    Cell::plain(Some(number))
}
