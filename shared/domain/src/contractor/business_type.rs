//! The legal form of a contractor's business.

use std::fmt;
use std::str::FromStr;

/// The legal form of a business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BusinessType {
    /// One person.
    SoleOwner,
    /// A corporation.
    Corporation,
    /// A partnership.
    Partnership,
    /// A limited liability company.
    LimitedLiability,
    /// A joint venture of several licensees.
    JointVenture,
}

/// The text names no known legal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the business type is one of Sole Owner, Corporation, Partnership, Limited Liability and JointVenture"
)]
pub struct UnknownBusinessType;

impl BusinessType {
    /// The name in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SoleOwner => "SOLE_OWNER",
            Self::Corporation => "CORPORATION",
            Self::Partnership => "PARTNERSHIP",
            Self::LimitedLiability => "LIMITED_LIABILITY",
            Self::JointVenture => "JOINT_VENTURE",
        }
    }
}

impl FromStr for BusinessType {
    type Err = UnknownBusinessType;

    /// Accepts the source files' spelling and our own, whatever the case and the spaces.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let same = |name: &str| {
            let letters = text
                .bytes()
                .filter(u8::is_ascii_alphabetic)
                .map(|byte| byte.to_ascii_lowercase());
            letters.eq(name.bytes())
        };
        [
            ("soleowner", Self::SoleOwner),
            ("corporation", Self::Corporation),
            ("partnership", Self::Partnership),
            ("limitedliability", Self::LimitedLiability),
            ("jointventure", Self::JointVenture),
        ]
        .into_iter()
        .find_map(|(name, form)| same(name).then_some(form))
        .ok_or(UnknownBusinessType)
    }
}

impl fmt::Display for BusinessType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_file_and_our_own_are_understood() {
        for (text, form) in [
            ("Sole Owner", BusinessType::SoleOwner),
            ("JointVenture", BusinessType::JointVenture),
            ("Joint Venture", BusinessType::JointVenture),
            ("LIMITED_LIABILITY", BusinessType::LimitedLiability),
            ("corporation", BusinessType::Corporation),
            ("Partnership", BusinessType::Partnership),
        ] {
            assert_eq!(text.parse::<BusinessType>(), Ok(form));
            assert_eq!(form.as_str().parse::<BusinessType>(), Ok(form));
        }
    }

    #[test]
    fn other_words_are_refused() {
        for text in ["", "Guild", "Sole", "Corporations"] {
            assert_eq!(text.parse::<BusinessType>(), Err(UnknownBusinessType));
        }
    }
}
