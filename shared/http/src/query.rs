//! Query parameters, read so that one answer names every fault.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;
use utoipa::IntoParams;

use crate::problem::{Fault, Problem, ProblemKind};

/// The query parameters of a route: documented by `IntoParams`, read here.
///
/// A test of the route compares the two with [`undocumented`].
pub trait FromQuery: IntoParams + Sized {
    /// Reads every parameter, leaving faults with the reader; `None` where a required one is missing or faulty.
    ///
    /// All parameters are to be read before the first `?`, or an answer would not name every fault.
    fn read(query: &mut QueryReader) -> Option<Self>;
}

/// The query string of one request while its parameters are read.
#[derive(Debug, Default)]
pub struct QueryReader {
    pairs: Vec<(String, String)>,
    asked: Vec<&'static str>,
    faults: Vec<Fault>,
}

impl QueryReader {
    /// Decodes a query string.
    ///
    /// # Errors
    /// A 400 problem that names every pair that is not percent-encoded UTF-8.
    pub fn parse(query: &str) -> Result<Self, Problem> {
        let mut reader = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (decode(name), decode(value)) {
                (Ok(name), Ok(value)) => reader.pairs.push((name, value)),
                (Ok(name), Err(detail)) => reader.faults.push(Fault::query(&name, detail)),
                (Err(detail), _) => reader
                    .faults
                    .push(Fault::query(name, format!("the name {detail}"))),
            }
        }
        if reader.faults.is_empty() {
            return Ok(reader);
        }
        Err(Problem::with_faults(
            ProblemKind::MalformedRequest,
            "The query string is not percent-encoded UTF-8.",
            reader.faults,
        ))
    }

    /// One value, or none; a fault when it is repeated or cannot be taken.
    pub fn one<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        let value = self.single(name)?;
        self.convert(name, &value)
    }

    /// One value that must be there.
    pub fn required<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        if !self.pairs.iter().any(|(given, _)| given == name) {
            self.asked.push(name);
            self.fault(name, "is required");
            return None;
        }
        self.one(name)
    }

    /// Every value of a name that may be repeated, which means OR.
    pub fn many<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Vec<T> {
        self.asked.push(name);
        let values = self.values(name);
        values
            .iter()
            .filter_map(|value| self.convert(name, value))
            .collect()
    }

    /// One text of 1 to `longest` characters.
    pub fn text(&mut self, name: &'static str, longest: usize) -> Option<String> {
        let value = self.single(name)?;
        self.check_text(name, value, longest)
    }

    /// Every text of a name that may be repeated, each of 1 to `longest` characters.
    pub fn texts(&mut self, name: &'static str, longest: usize) -> Vec<String> {
        self.asked.push(name);
        let values = self.values(name);
        values
            .into_iter()
            .filter_map(|value| self.check_text(name, value, longest))
            .collect()
    }

    /// `true` or `false`.
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        let value = self.single(name)?;
        match value.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.fault(name, "must be true or false");
                None
            }
        }
    }

    /// A plain decimal number from `least` to `most`; `unit` is said in the fault.
    pub fn number(&mut self, name: &'static str, least: f64, most: f64, unit: &str) -> Option<f64> {
        let value = self.single(name)?;
        let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        match value.parse::<f64>() {
            Ok(number) if plain && (least..=most).contains(&number) => Some(number),
            _ => {
                self.fault(name, format!("must be a number of {unit} from {least} to {most}"));
                None
            }
        }
    }

    /// A whole number from `least` to `most`.
    pub fn whole(&mut self, name: &'static str, least: u32, most: u32) -> Option<u32> {
        let value = self.single(name)?;
        let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        match value.parse::<u32>() {
            Ok(number) if digits && (least..=most).contains(&number) => Some(number),
            _ => {
                self.fault(name, format!("must be a whole number from {least} to {most}"));
                None
            }
        }
    }

    /// Records a fault of a parameter, such as a contradiction with another one.
    pub fn fault(&mut self, name: &str, detail: impl Into<String>) {
        self.faults.push(Fault::query(name, detail));
    }

    /// The parameters as sent, without those named: sorted, so that the same filters in another order are the same.
    #[must_use]
    pub fn canonical(&self, without: &[&str]) -> Vec<(String, String)> {
        let mut pairs: Vec<_> = self
            .pairs
            .iter()
            .filter(|(name, _)| !without.contains(&name.as_str()))
            .cloned()
            .collect();
        pairs.sort();
        pairs.dedup();
        pairs
    }

    /// Ends the reading: names what was sent but never asked for.
    ///
    /// # Errors
    /// A 422 problem with every fault.
    pub fn finish(mut self) -> Result<(), Problem> {
        let mut unknown: Vec<_> = self
            .pairs
            .iter()
            .map(|(name, _)| name.clone())
            .filter(|name| !self.asked.contains(&name.as_str()))
            .collect();
        unknown.sort();
        unknown.dedup();
        let known = match self.asked.as_slice() {
            [] => "this route takes no query parameters".to_owned(),
            asked => format!("this route takes {}", asked.join(", ")),
        };
        for name in unknown {
            self.fault(&name, format!("is not known; {known}"));
        }
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(self.faults))
        }
    }

    fn values(&self, name: &str) -> Vec<String> {
        self.pairs
            .iter()
            .filter(|(given, _)| given == name)
            .map(|(_, value)| value.clone())
            .collect()
    }

    fn single(&mut self, name: &'static str) -> Option<String> {
        self.asked.push(name);
        let mut values = self.values(name);
        if values.len() > 1 {
            self.fault(name, "must be given once");
            return None;
        }
        values.pop()
    }

    fn convert<T: FromStr<Err: Display>>(&mut self, name: &'static str, value: &str) -> Option<T> {
        match value.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(name, error.to_string());
                None
            }
        }
    }

    fn check_text(&mut self, name: &'static str, value: String, longest: usize) -> Option<String> {
        if value.trim().is_empty() {
            self.fault(name, "must not be empty");
        } else if value.chars().count() > longest {
            self.fault(name, format!("must have at most {longest} characters"));
        } else if value.contains('\0') {
            self.fault(name, "must not contain the character U+0000");
        } else {
            return Some(value);
        }
        None
    }
}

/// Undoes percent encoding; a plus sign is a space, as in forms.
fn decode(text: &str) -> Result<String, &'static str> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('%') {
        if !after.bytes().take(2).filter(u8::is_ascii_hexdigit).count().eq(&2) {
            return Err(
                "has a percent sign without two hexadecimal digits after it; write a plain one as %25",
            );
        }
        rest = after;
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced)
        .decode_utf8()
        .map_err(|_| "is not UTF-8")?;
    Ok(decoded.into_owned())
}

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
#[derive(Debug, IntoParams)]
pub struct NoParameters {}

impl FromQuery for NoParameters {
    fn read(_: &mut QueryReader) -> Option<Self> {
        Some(Self {})
    }
}

/// The parameters that are documented but not read, or read but not documented; for tests.
#[must_use]
pub fn undocumented<F: FromQuery>() -> Vec<String> {
    let mut reader = QueryReader::default();
    let _ = F::read(&mut reader);
    let documented: Vec<_> = F::into_params(|| None)
        .into_iter()
        .map(|parameter| parameter.name)
        .collect();
    let read = reader.asked.iter().map(ToString::to_string);
    let missing = read
        .filter(|name| !documented.contains(name))
        .map(|name| format!("{name} is not documented"));
    let unread = documented
        .iter()
        .filter(|name| !reader.asked.contains(&name.as_str()));
    missing
        .chain(unread.map(|name| format!("{name} is not read")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_at_once() {
        let mut query = QueryReader::parse("limit=-1&city=&near=abc&x=1&x=2&flag=yes&miles=1e3").unwrap();
        assert_eq!(query.whole("limit", 1, 100), None);
        assert_eq!(query.text("city", 10), None);
        assert_eq!(query.one::<portal_domain::geo::LatLng>("near"), None);
        assert_eq!(query.flag("flag"), None);
        assert_eq!(query.number("miles", 0.0, 500.0, "miles"), None);
        assert_eq!(query.required::<u32>("id"), None);
        let problem = query.finish().unwrap_err();
        assert_eq!(problem.kind(), ProblemKind::InvalidValues);
        let pointers: Vec<_> = problem
            .faults()
            .iter()
            .map(|fault| fault.pointer.as_str())
            .collect();
        assert_eq!(
            pointers,
            [
                "/query/limit",
                "/query/city",
                "/query/near",
                "/query/flag",
                "/query/miles",
                "/query/id",
                "/query/x"
            ]
        );
        assert!(
            problem.faults()[6]
                .detail
                .contains("limit, city, near, flag, miles, id")
        );
    }

    #[test]
    fn repeated_names_are_alternatives_or_a_fault() {
        let mut query = QueryReader::parse("class=B&class=C-10&city=A&city=B").unwrap();
        assert_eq!(query.texts("class", 9), ["B", "C-10"]);
        assert_eq!(query.text("city", 9), None);
        assert_eq!(
            query.finish().unwrap_err().faults()[0].detail,
            "must be given once"
        );
    }

    #[test]
    fn what_is_not_percent_encoded_utf_8_is_malformed() {
        for query in ["q=%", "q=%4", "q=%zz", "q=%ff", "%zz=1", "a=1&q=%C3%28", "q=%%41"] {
            let problem = QueryReader::parse(query).unwrap_err();
            assert_eq!(problem.kind(), ProblemKind::MalformedRequest, "{query}");
            assert_eq!(problem.faults().len(), 1);
        }
        let mut query = QueryReader::parse("q=mu%C3%B1oz+%26%20sons&&").unwrap();
        assert_eq!(query.text("q", 20).unwrap(), "muñoz & sons");
        assert!(query.finish().is_ok());
    }

    #[test]
    fn a_nul_and_a_long_text_are_faults() {
        for value in ["%00", "a%00b", "abcdefghijk", "%20"] {
            let mut query = QueryReader::parse(&format!("q={value}")).unwrap();
            assert_eq!(query.text("q", 10), None);
            assert_eq!(query.finish().unwrap_err().faults().len(), 1);
        }
    }

    #[test]
    fn the_canonical_form_ignores_order_and_repetition() {
        let one = QueryReader::parse("b=2&a=1&limit=5&b=2&b=1").unwrap();
        let other = QueryReader::parse("b=1&b=2&a=1").unwrap();
        assert_eq!(one.canonical(&["limit"]), other.canonical(&["limit"]));
    }
}
