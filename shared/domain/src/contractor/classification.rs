//! Licence classifications.

use std::fmt;
use std::str::FromStr;

/// A licence classification in its one normal spelling: `A`, `B`, `B-2`, `C-10`, `D-3`, `HAZ`, `ASB`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, pattern = "^[A-Z]{1,4}(-[0-9]{1,3})?$", example = "C-10")]
pub struct Classification(String);

/// The text is not a classification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a classification is one to four letters and an optional number, such as B, C-10, D-3 or HAZ")]
pub struct InvalidClassification;

/// Classes that the board has renamed, old name first. A file may still carry the old names.
const RENAMED: [(&str, &str); 5] = [
    ("D-49", "C-49"),
    ("D-8", "D-28"),
    ("D-22", "C-29"),
    ("D-48", "D-34"),
    ("D-7", "D-21"),
];

impl Classification {
    /// The normal spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the list of a source file, separated by `|`. Gives the distinct classes in the order of the file, and how many
    /// entries were no classification. `C-61/D12`, the board's way to write a limited speciality, counts as two classes.
    #[must_use]
    pub fn parse_list(list: &str) -> (Vec<Self>, u64) {
        let mut classes: Vec<Self> = Vec::new();
        let mut malformed = 0;
        for entry in list
            .split(['|', '/'])
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
        {
            match entry.parse() {
                Ok(class) if classes.contains(&class) => {}
                Ok(class) => classes.push(class),
                Err(InvalidClassification) => malformed += 1,
            }
        }
        (classes, malformed)
    }
}

impl FromStr for Classification {
    type Err = InvalidClassification;

    /// Accepts the spellings found in source files and requests: `C-8`, `C10`, `c 10`, `D03`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (Some(class), Some(rest)) = (text.get(..letters), text.get(letters..)) else {
            return Err(InvalidClassification);
        };
        if !(1..=4).contains(&letters) {
            return Err(InvalidClassification);
        }
        let class = class.to_ascii_uppercase();
        let number = rest.trim_start_matches([' ', '-']);
        if rest.is_empty() {
            return Ok(Self(class));
        }
        if !(1..=3).contains(&number.len()) || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidClassification);
        }
        let number: u16 = number.parse().map_err(|_| InvalidClassification)?;
        let spelt = format!("{class}-{number}");
        let renamed = RENAMED
            .iter()
            .find(|(old, _)| *old == spelt)
            .map(|(_, new)| (*new).to_owned());
        Ok(Self(renamed.unwrap_or(spelt)))
    }
}

impl<'de> serde::Deserialize<'de> for Classification {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Classification {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spelt(text: &str) -> Option<String> {
        text.parse::<Classification>().ok().map(|class| class.to_string())
    }

    #[test]
    fn every_spelling_of_the_file_becomes_the_normal_one() {
        for (written, normal) in [
            ("C-8", "C-8"),
            ("C10", "C-10"),
            ("D03", "D-3"),
            ("B-2", "B-2"),
            ("HAZ", "HAZ"),
            (" asb ", "ASB"),
            ("c 10", "C-10"),
        ] {
            assert_eq!(spelt(written).as_deref(), Some(normal), "{written:?}");
        }
    }

    #[test]
    fn renamed_classes_carry_their_new_name() {
        for (old, new) in [
            ("D49", "C-49"),
            ("D-8", "D-28"),
            ("D08", "D-28"),
            ("D22", "C-29"),
            ("D-48", "D-34"),
            ("D07", "D-21"),
        ] {
            assert_eq!(spelt(old).as_deref(), Some(new), "{old:?}");
        }
        assert_eq!(spelt("C-8").as_deref(), Some("C-8"));
    }

    #[test]
    fn what_is_no_classification_is_refused() {
        for text in ["", "10", "C-", "C-10A", "ABCDE", "C-1234", "C--", "Ç-1", "C 1 0"] {
            assert_eq!(spelt(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_list_is_distinct_and_counts_what_it_drops() {
        let (classes, malformed) = Classification::parse_list("B| C-9| C10| C-10| ???|C-61/D12");
        let names: Vec<_> = classes.iter().map(Classification::as_str).collect();
        assert_eq!(names, ["B", "C-9", "C-10", "C-61", "D-12"]);
        assert_eq!(malformed, 1);
    }

    proptest! {
        #[test]
        fn reading_a_normal_spelling_again_changes_nothing(text in "\\PC{0,8}") {
            if let Ok(class) = text.parse::<Classification>() {
                prop_assert_eq!(class.as_str().parse::<Classification>().unwrap(), class);
            }
        }
    }
}
