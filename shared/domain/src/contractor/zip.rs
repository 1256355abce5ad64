//! ZIP codes.

use std::fmt;
use std::str::FromStr;

/// A ZIP code in its normal spelling: `94607` or `94607-1234`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ZipCode {
    five: u32,
    plus_four: Option<u16>,
}

/// The text is not a ZIP code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a ZIP code is five digits, or nine as 94607-1234")]
pub struct InvalidZipCode;

impl ZipCode {
    /// The first five digits as a number, which is how the centroids are keyed.
    #[must_use]
    pub const fn five(self) -> u32 {
        self.five
    }
}

impl FromStr for ZipCode {
    type Err = InvalidZipCode;

    /// Accepts `94607`, `94607-1234` and `946071234`; an empty or zero second part counts as none.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let five = text.get(..5).ok_or(InvalidZipCode)?;
        let rest = text.get(5..).unwrap_or("");
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let number = |part: &str| -> Result<u32, InvalidZipCode> {
            if part.bytes().all(|byte| byte.is_ascii_digit()) {
                part.parse().map_err(|_| InvalidZipCode)
            } else {
                Err(InvalidZipCode)
            }
        };
        let plus_four = match rest.len() {
            0 => None,
            4 => Some(u16::try_from(number(rest)?).map_err(|_| InvalidZipCode)?),
            _ => return Err(InvalidZipCode),
        };
        Ok(Self {
            five: number(five)?,
            plus_four: plus_four.filter(|number| *number != 0),
        })
    }
}

impl fmt::Display for ZipCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:05}", self.five)?;
        match self.plus_four {
            Some(number) => write!(formatter, "-{number:04}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_lengths_are_brought_to_one_spelling() {
        for (written, normal) in [
            ("94607", "94607"),
            ("94607-1234", "94607-1234"),
            ("946071234", "94607-1234"),
            ("94607-", "94607"),
            ("94607-0000", "94607"),
            ("01002", "01002"),
        ] {
            assert_eq!(
                written.parse::<ZipCode>().unwrap().to_string(),
                normal,
                "{written}"
            );
        }
    }

    #[test]
    fn other_codes_are_refused() {
        for text in [
            "",
            "9460",
            "94607-12",
            "V6B 1A1",
            "94607 1234",
            "94607-12345",
            "9460é7",
        ] {
            assert_eq!(text.parse::<ZipCode>(), Err(InvalidZipCode), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_normal_spelling_reads_back(text in "[0-9]{5}(-?[0-9]{4})?") {
            let zip: ZipCode = text.parse().unwrap();
            prop_assert_eq!(zip.to_string().parse::<ZipCode>().unwrap(), zip);
        }

        #[test]
        fn no_text_is_fatal(text in "\\PC{0,12}") {
            let _ = text.parse::<ZipCode>();
        }
    }
}
