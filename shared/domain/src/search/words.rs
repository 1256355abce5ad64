//! What people type, read into words.

use std::fmt;

use super::reading::{clauses, fold};
use super::trades::class_of;

/// How much of a word is looked at.
const LONGEST_WORD: usize = 64;

/// From how many letters on the last word may be the beginning of one.
const SHORTEST_BEGINNING: usize = 4;

/// One word. What holds punctuation is one in its joined form, and several in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// As it was typed, in lower case and without accents.
    pub(super) shown: String,
    /// What punctuation leaves of it: letters and digits, at least one part.
    pub(super) parts: Vec<String>,
    /// The licence class that it names, as a word of documents: `c10`.
    pub(super) class: Option<String>,
}

impl Word {
    /// A word of a text that [`fold`] has been through; none where there is neither letter nor digit.
    pub(super) fn new(text: &str) -> Option<Self> {
        let is_other = |c: char| !c.is_alphanumeric();
        let shown: String = text
            .trim_start_matches(is_other)
            .chars()
            .take(LONGEST_WORD)
            .collect();
        let shown = shown.trim_end_matches(is_other);
        let parts = shown.split(is_other).filter(|part| !part.is_empty());
        let parts: Vec<_> = parts.map(str::to_owned).collect();
        (!parts.is_empty()).then(|| Self {
            class: class_of(&parts.concat()),
            shown: shown.to_owned(),
            parts,
        })
    }

    /// The class whose name is a single letter, which alone would be anybody's initial.
    pub(super) fn single_letter_class(letter: &str) -> Self {
        let word = format!("class{letter}");
        Self {
            shown: format!("class {letter}"),
            parts: vec![word.clone()],
            class: Some(word),
        }
    }

    /// All parts as one word.
    pub(super) fn joined(&self) -> String {
        self.parts.concat()
    }

    /// Whether it is one of these, without punctuation.
    pub(super) fn is(&self, words: &[&str]) -> bool {
        matches!(self.parts.as_slice(), [only] if words.contains(&only.as_str()))
    }
}

/// One thing that is asked for, or after a minus not wanted: a word, or the words of a phrase one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) is_excluded: bool,
    pub(super) is_phrase: bool,
    pub(super) words: Vec<Word>,
}

impl Term {
    /// The word, where it is a single one that is wanted as it is.
    pub(super) fn word(&self) -> Option<&Word> {
        match self.words.as_slice() {
            [word] if !self.is_excluded && !self.is_phrase => Some(word),
            _ => None,
        }
    }
}

/// What people type: words, phrases in quotes, words after a minus that are not wanted, and `or` between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchWords {
    /// Alternatives; each wants all of its terms.
    pub(super) clauses: Vec<Vec<Term>>,
    /// Whether nothing follows the last word, so that it may not have been typed to its end.
    pub(super) is_open: bool,
}

impl SearchWords {
    /// Reads any text. What holds no letter and no digit, or only what is not wanted, asks for nothing.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = fold(text);
        Self {
            clauses: clauses(&text),
            is_open: text.ends_with(char::is_alphanumeric),
        }
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// The last word, while it is being typed.
    #[must_use]
    pub fn last_begun(&self) -> Option<&str> {
        let last = self.clauses.last()?.last()?.word()?;
        match last.parts.as_slice() {
            [only] if self.is_open => Some(only),
            _ => None,
        }
    }

    /// The last word, where it is so long that documents may as well have what it is the beginning of.
    #[must_use]
    pub fn beginning(&self) -> Option<&str> {
        let is_long =
            |word: &&str| word.chars().count() >= SHORTEST_BEGINNING && word.chars().all(char::is_alphabetic);
        self.last_begun().filter(is_long)
    }

    /// The text with another last word.
    #[must_use]
    pub fn completed(&self, word: &str) -> String {
        let mut completed = self.clone();
        let last = completed.clauses.last_mut().and_then(|clause| clause.last_mut());
        if let (Some(last), Some(word)) = (last, Word::new(word)) {
            last.words = vec![word];
        }
        completed.to_string()
    }

    /// Whether it is words alone, as the beginning of a name may be; who quotes wants just what stands there.
    #[must_use]
    pub fn may_be_a_name(&self) -> bool {
        matches!(self.clauses.as_slice(), [clause] if clause.iter().all(|term| !term.is_excluded && !term.is_phrase))
    }

    /// The number, where that is all: that of a licence, with or without what people write before it.
    #[must_use]
    pub fn number(&self) -> Option<String> {
        let [clause] = self.clauses.as_slice() else {
            return None;
        };
        let (last, before) = clause.split_last()?;
        let labels = ["license", "licence", "lic", "cslb", "number", "no"];
        let labelled = before
            .iter()
            .all(|term| term.word().is_some_and(|word| word.is(&labels)));
        let number = last.word().map(Word::joined)?;
        let digits = number.bytes().all(|byte| byte.is_ascii_digit()) && number.len() <= 12;
        (labelled && digits).then_some(number)
    }

    /// The same with a last word that does not go on.
    #[must_use]
    pub fn closed(self) -> Self {
        Self {
            is_open: false,
            ..self
        }
    }

    /// The same with words replaced, none of which goes on: `replace` gives the new spelling of those that are to be.
    #[must_use]
    pub fn with_spelling(&self, replace: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let mut corrected = self.clone().closed();
        let mut is_changed = false;
        let terms = corrected
            .clauses
            .iter_mut()
            .flatten()
            .filter(|term| !term.is_excluded);
        for word in terms.flat_map(|term| term.words.iter_mut()) {
            let [only] = word.parts.as_slice() else { continue };
            if let Some(other) = replace(only).as_deref().and_then(Word::new) {
                *word = other;
                is_changed = true;
            }
        }
        is_changed.then_some(corrected)
    }
}

impl fmt::Display for SearchWords {
    /// As it could be typed: what is read of it is the same again.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, clause) in self.clauses.iter().enumerate() {
            for (place, term) in clause.iter().enumerate() {
                let before = match (number, place) {
                    (0, 0) => "",
                    (_, 0) => " or ",
                    _ => " ",
                };
                let minus = if term.is_excluded { "-" } else { "" };
                let quote = if term.is_phrase { "\"" } else { "" };
                let words: Vec<_> = term.words.iter().map(|word| word.shown.as_str()).collect();
                write!(formatter, "{before}{minus}{quote}{}{quote}", words.join(" "))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
