//! What people type, read into words.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::trades::class_of;

/// How many words, or parts of words, are looked at; what is typed after them is passed over.
pub const MOST_WORDS: usize = 16;

/// How much of a text is looked at: more than as many words take.
const MOST_CHARACTERS: usize = 2_000;

/// How much of a word is looked at.
const LONGEST_WORD: usize = 64;

/// From how many letters on the last word may be the beginning of one.
const SHORTEST_BEGINNING: usize = 4;

/// What quotes a phrase.
const QUOTES: [char; 6] = ['"', '“', '”', '„', '«', '»'];

/// Words that stand beside a licence class: "class B", "C-10 license".
const CLASS_WORDS: [&str; 6] = ["class", "classification", "license", "licence", "lic", "type"];

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
    fn single_letter_class(letter: &str) -> Self {
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

    fn is(&self, words: &[&str]) -> bool {
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
        let mut clauses: Vec<Vec<Term>> = vec![Vec::new()];
        for piece in first_words(pieces(&text)) {
            match (piece, clauses.last_mut()) {
                (Piece::Term(term), Some(clause)) => clause.push(term),
                (Piece::Or | Piece::Term(_), _) => clauses.push(Vec::new()),
            }
        }
        let clauses: Vec<_> = clauses
            .into_iter()
            .map(with_classes)
            .filter(|clause| clause.iter().any(|term| !term.is_excluded))
            .collect();
        let is_open = text.ends_with(char::is_alphanumeric);
        Self { clauses, is_open }
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

/// Lower case without accents, and what looks different but is the same as one: full-width letters, ligatures, digits in circles.
fn fold(text: &str) -> String {
    let letters = text.nfkd().take(MOST_CHARACTERS).flat_map(char::to_lowercase);
    letters.filter(|c| !is_combining_mark(*c)).collect()
}

enum Piece {
    Or,
    Term(Term),
}

/// Takes a folded text apart. White space and commas part words; a quote that is not closed ends with the text.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (is_excluded, unsigned) = match rest.strip_prefix('-') {
            Some(after) if !after.starts_with(char::is_whitespace) => (true, after),
            _ => (false, rest),
        };
        let is_phrase = unsigned.starts_with(QUOTES);
        let body = unsigned.strip_prefix(QUOTES).unwrap_or(unsigned);
        let (token, after) = if is_phrase {
            body.split_once(QUOTES).unwrap_or((body, ""))
        } else {
            let end = body.find(|c: char| c.is_whitespace() || QUOTES.contains(&c));
            body.split_at(end.unwrap_or(body.len()))
        };
        rest = after.trim_start();
        if token == "or" && !is_excluded && !is_phrase {
            pieces.push(Piece::Or);
            continue;
        }
        let words = token
            .split(|c: char| c.is_whitespace() || c == ',')
            .filter_map(Word::new);
        let term = |words| {
            Piece::Term(Term {
                is_excluded,
                is_phrase,
                words,
            })
        };
        if is_phrase {
            pieces.extend(
                Some(words.collect::<Vec<_>>())
                    .filter(|words| !words.is_empty())
                    .map(term),
            );
        } else {
            pieces.extend(words.map(|word| term(vec![word])));
        }
    }
    pieces
}

/// As many pieces as hold no more than [`MOST_WORDS`].
fn first_words(pieces: Vec<Piece>) -> impl Iterator<Item = Piece> {
    let mut words = 0;
    pieces.into_iter().take_while(move |piece| {
        if let Piece::Term(term) = piece {
            words += term.words.iter().map(|word| word.parts.len()).sum::<usize>();
        }
        words <= MOST_WORDS
    })
}

/// Puts licence classes together that were typed as two words, `C 10` and `class B`, and leaves out what only says that it is one.
fn with_classes(terms: Vec<Term>) -> Vec<Term> {
    let mut joined: Vec<Term> = Vec::new();
    for term in terms {
        joined.push(term);
        // As often as it goes: `class C 10`.
        while let [.., first, second] = joined.as_mut_slice()
            && let Some(class) = class_of_two(first, second)
        {
            first.words = vec![class];
            joined.pop();
        }
    }
    joined
}

/// The class that two terms one after the other make.
fn class_of_two(first: &Term, second: &Term) -> Option<Word> {
    let (first, second) = (first.word()?, second.word()?);
    if first.is(&["c", "d"]) {
        return Word::new(&format!("{}-{}", first.shown, second.shown)).filter(|word| word.class.is_some());
    }
    if first.is(&CLASS_WORDS) {
        let letter = second
            .is(&["a", "b"])
            .then(|| Word::single_letter_class(&second.shown));
        return letter.or_else(|| second.class.is_some().then(|| second.clone()));
    }
    if second.is(&CLASS_WORDS) {
        // "A license" may be any licence.
        let letter = first.is(&["b"]).then(|| Word::single_letter_class(&first.shown));
        return letter.or_else(|| first.class.is_some().then(|| first.clone()));
    }
    None
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
