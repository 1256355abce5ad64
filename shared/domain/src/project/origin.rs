//! Where an imported project comes from.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::Line;
use crate::words::words;

/// What a source calls a project, there and for ever.
pub type ExternalId = Line<200>;

/// A name that is no source of imported projects.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "must be 1 to 50 capital letters, digits and underscores that begin with a letter, and not MANUAL, which is what people post"
)]
pub struct SourceError;

/// A place that publishes projects, such as `SAM_GOV`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Source(String);

impl Source {
    /// The source of what people post here, which nothing is imported from.
    pub const MANUAL: &'static str = "MANUAL";

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Source {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, SourceError> {
        let begins = text.starts_with(|first: char| first.is_ascii_uppercase());
        let goes_on = text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        if begins && goes_on && text.len() <= 50 && text != Self::MANUAL {
            Ok(Self(text.to_owned()))
        } else {
            Err(SourceError)
        }
    }
}

impl TryFrom<String> for Source {
    type Error = SourceError;

    fn try_from(text: String) -> Result<Self, SourceError> {
        text.parse()
    }
}

impl From<Source> for String {
    fn from(source: Source) -> Self {
        source.0
    }
}

/// What makes an imported project the same one when it comes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Where it was published.
    pub source: Source,
    /// Its id there.
    pub external_id: ExternalId,
}

words! {
    /// What an import made of one opportunity.
    ImportOutcome {
        /// It is a new project.
        Created = "CREATED",
        /// The project that it was before has changed.
        Changed = "CHANGED",
        /// The project says all of this already.
        Unchanged = "UNCHANGED",
        /// The project stays as it is: it is decided, or was taken away here.
        Skipped = "SKIPPED",
        /// It cannot be taken.
        Rejected = "REJECTED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_a_word_in_capitals() {
        for name in ["SAM_GOV", "X", "CAL_EPROCURE2"] {
            assert_eq!(name.parse::<Source>().unwrap().as_str(), name);
        }
        let long = "A".repeat(51);
        for name in ["", "MANUAL", "sam", "2X", "_X", "SAM GOV", "SÁM", "SAM\n", &long] {
            assert_eq!(name.parse::<Source>(), Err(SourceError), "{name:?}");
        }
    }
}
