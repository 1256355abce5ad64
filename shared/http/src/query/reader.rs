//! Reads one query string.

use std::fmt::Display;
use std::str::FromStr;

use percent_encoding::percent_decode_str;

use crate::problem::{Fault, Problem, ProblemKind};

/// How often one parameter may be repeated: each value costs the database work, and nobody picks more from a list.
const MOST_VALUES: usize = 50;

/// The query string of one request while its parameters are read.
#[derive(Debug, Default)]
pub struct QueryReader {
    pairs: Vec<(String, String)>,
    pub(super) asked: Vec<&'static str>,
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

    /// The same parameters where they come in another way than in a query string.
    #[must_use]
    pub fn of(pairs: Vec<(String, String)>) -> Self {
        Self {
            pairs,
            ..Self::default()
        }
    }

    /// One value, or none; a fault when it is repeated or cannot be taken.
    pub fn one<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        let value = self.single(name)?;
        self.convert(name, &value)
    }

    /// One value that must be there.
    pub fn required<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        if !self.has(name) {
            self.asked.push(name);
            self.fault(name, "is required");
            return None;
        }
        self.one(name)
    }

    /// Every value of a name that may be repeated, up to 50 times, which means OR.
    pub fn many<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Vec<T> {
        let values = self.repeated(name);
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

    /// Every text of a name that may be repeated, up to 50 times, each of 1 to `longest` characters.
    pub fn texts(&mut self, name: &'static str, longest: usize) -> Vec<String> {
        let values = self.repeated(name);
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

    /// Whether a parameter was sent at all.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(given, _)| given == name)
    }

    /// A number from `least` to `most`; `unit` is said in the fault.
    pub fn number(&mut self, name: &'static str, least: f64, most: f64, unit: &str) -> Option<f64> {
        let value = self.single(name)?;
        let plain = value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
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

    fn repeated(&mut self, name: &'static str) -> Vec<String> {
        self.asked.push(name);
        let mut values = self.values(name);
        values.sort();
        values.dedup();
        if values.len() > MOST_VALUES {
            self.fault(name, format!("may have at most {MOST_VALUES} different values"));
            return Vec::new();
        }
        values
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

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
