//! Columns that the checks of their tables should have kept readable.

use std::fmt::Display;
use std::str::FromStr;

use portal_domain::money::Cents;

use crate::DataError;

/// A table, for what is said of a row in it that cannot be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table(pub(crate) &'static str);

impl Table {
    /// A word of one of the domain's sets, or anything else that is written as text.
    pub(crate) fn word<T: FromStr<Err: Display>>(self, text: &str) -> Result<T, DataError> {
        text.parse()
            .map_err(|error: T::Err| self.corrupt(&format_args!("{text:?} {error}")))
    }

    /// An amount of money.
    pub(crate) fn amount(self, cents: i64) -> Result<Cents, DataError> {
        cents.try_into().map_err(|error| self.corrupt(&error))
    }

    /// What is said of a row that cannot be.
    pub(crate) fn corrupt(self, reason: &dyn Display) -> DataError {
        DataError::Corrupt {
            table: self.0,
            reason: reason.to_string(),
        }
    }
}

/// States as a filter of a list takes them: NULL where none is named.
pub(crate) fn states<T: Display>(named: &[T]) -> Option<Vec<String>> {
    (!named.is_empty()).then(|| named.iter().map(ToString::to_string).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use portal_domain::course::Difficulty;

    #[test]
    fn what_cannot_be_read_names_its_table() {
        let table = Table("courses");
        assert_eq!(table.word::<Difficulty>("EXPERT").unwrap(), Difficulty::Expert);
        assert_eq!(table.amount(5).unwrap().get(), 5);
        for error in [
            table.word::<Difficulty>("EASY").unwrap_err(),
            table.amount(-1).unwrap_err(),
        ] {
            assert!(matches!(error, DataError::Corrupt { table: "courses", .. }));
        }
    }

    #[test]
    fn no_states_filter_nothing() {
        assert_eq!(states::<Difficulty>(&[]), None);
        assert_eq!(states(&[Difficulty::Expert]), Some(vec!["EXPERT".to_owned()]));
    }
}
