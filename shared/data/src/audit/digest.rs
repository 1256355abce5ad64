//! The canonical form of a day's rows.

use std::fmt;
use std::str::FromStr;

use ring::digest::{Context, SHA256};
use time::Date;

/// The first line of what is hashed: another form would get another name.
const FORM: &str = "portal-audit-seal/1";

/// A SHA-256 digest; shown and read as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl TryFrom<&[u8]> for Digest {
    type Error = std::array::TryFromSliceError;

    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        bytes.try_into().map(Self)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for Digest {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut bytes = [0; 32];
        if text.len() != 2 * bytes.len() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(());
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(2 * index..2 * index + 2).ok_or(())?;
            *byte = u8::from_str_radix(digits, 16).map_err(drop)?;
        }
        Ok(Self(bytes))
    }
}

/// Hashes one day: a header line with the form, the day and the digest of the day before (`-` for the first day of all), then each
/// row as its fields one after the other. A field is its length in bytes in decimal, `:`, its text and `,`; NULL is `-,`. So
/// nothing in a field can be taken for the border between two.
pub struct Hasher {
    context: Context,
    rows: i64,
}

impl Hasher {
    /// Begins a day.
    #[must_use]
    pub fn new(day: Date, previous: Option<Digest>) -> Self {
        let previous = previous.map_or_else(|| "-".to_owned(), |digest| digest.to_string());
        let mut context = Context::new(&SHA256);
        context.update(format!("{FORM} {day} {previous}\n").as_bytes());
        Self { context, rows: 0 }
    }

    /// Adds a row by its fields.
    pub fn add(&mut self, fields: &[Option<String>]) {
        self.rows += 1;
        for field in fields {
            match field {
                Some(text) => {
                    self.context.update(format!("{}:", text.len()).as_bytes());
                    self.context.update(text.as_bytes());
                    self.context.update(b",");
                }
                None => self.context.update(b"-,"),
            }
        }
    }

    /// The digest, and how many rows it is over.
    #[must_use]
    pub fn finish(self) -> (Digest, i64) {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.context.finish().as_ref());
        (Digest(bytes), self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(previous: Option<Digest>, rows: &[&[Option<&str>]]) -> Digest {
        let day = Date::from_calendar_date(2026, time::Month::August, 24).unwrap();
        let mut hasher = Hasher::new(day, previous);
        for row in rows {
            let fields: Vec<_> = row.iter().map(|field| field.map(str::to_owned)).collect();
            hasher.add(&fields);
        }
        hasher.finish().0
    }

    /// The expected digests were made with `printf … | sha256sum`.
    #[test]
    fn the_form_is_the_documented_one() {
        assert_eq!(
            hash(None, &[]).to_string(),
            "f6b0414add1b8e7e54935adfc31574892a636a032e6b82c40e7c179f494311a1"
        );
        assert_eq!(
            hash(None, &[&[Some("a"), None, Some("é")]]).to_string(),
            "8bcd85d5112bffe69e48d8a7c34032b2402ebde32d132253e50be2c094002de6"
        );
    }

    #[test]
    fn fields_rows_and_days_do_not_run_into_each_other() {
        let first = hash(None, &[]);
        let all = [
            first,
            hash(Some(first), &[]),
            hash(None, &[&[Some("ab"), Some("c")]]),
            hash(None, &[&[Some("a"), Some("bc")]]),
            hash(None, &[&[Some("a"), None]]),
            hash(None, &[&[Some("a"), Some("")]]),
            hash(None, &[&[Some("a"), Some("-")]]),
        ];
        for (index, one) in all.iter().enumerate() {
            assert!(!all[..index].contains(one), "{index}");
        }
    }

    #[test]
    fn a_digest_reads_back_and_rubbish_does_not() {
        let digest = hash(None, &[]);
        assert_eq!(digest.to_string().parse(), Ok(digest));
        for bad in ["", "00", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(bad.parse::<Digest>(), Err(()), "{bad}");
        }
    }
}
