//! Query parameters, read so that one answer names every fault.

mod reader;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::problem::Problem;

pub use reader::QueryReader;

/// The query parameters of a route.
///
/// What is read here is documented by `IntoParams`; a test of the function compares the two with [`names`].
pub trait FromQuery: Sized {
    /// Reads every parameter, leaving faults with the reader; `None` where a required one is missing or faulty.
    ///
    /// All parameters are to be read before the first `?`, or an answer would not name every fault.
    fn read(query: &mut QueryReader) -> Option<Self>;
}

/// How one text of a filter is documented: 1 to 100 characters, not all of them white.
#[derive(Debug, utoipa::ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 100, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
pub struct FilterText(pub String);

/// The query parameters of a route that is not a list.
#[derive(Debug)]
pub struct Query<F>(pub F);

impl<S: Sync, F: FromQuery> FromRequestParts<S> for Query<F> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut reader = QueryReader::parse(parts.uri.query().unwrap_or_default())?;
        let filters = F::read(&mut reader);
        reader.finish()?;
        filters.map(Self).ok_or_else(|| Problem::invalid(Vec::new()))
    }
}

/// The parameters of a route that takes none.
#[derive(Debug)]
pub struct NoParameters;

impl FromQuery for NoParameters {
    fn read(_: &mut QueryReader) -> Option<Self> {
        Some(Self)
    }
}

/// The names that a route reads, sorted; for tests that compare them with the document.
#[must_use]
pub fn names<F: FromQuery>() -> Vec<String> {
    let mut reader = QueryReader::default();
    let _ = F::read(&mut reader);
    let mut names: Vec<_> = reader.asked.iter().map(ToString::to_string).collect();
    names.sort();
    names
}
