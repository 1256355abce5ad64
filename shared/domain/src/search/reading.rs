//! A text taken apart into words.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::words::{Term, Word};

/// How many words, or parts of words, are looked at; what is typed after them is passed over.
pub const MOST_WORDS: usize = 16;

/// How much of a text is looked at: more than as many words take.
const MOST_CHARACTERS: usize = 2_000;

/// What quotes a phrase.
const QUOTES: [char; 6] = ['"', '“', '”', '„', '«', '»'];

/// Words that stand beside a licence class: "class B", "C-10 license".
const CLASS_WORDS: [&str; 6] = ["class", "classification", "license", "licence", "lic", "type"];

/// The alternatives in a folded text, without those that only exclude.
pub(super) fn clauses(text: &str) -> Vec<Vec<Term>> {
    let mut clauses: Vec<Vec<Term>> = vec![Vec::new()];
    for piece in first_words(pieces(text)) {
        match (piece, clauses.last_mut()) {
            (Piece::Term(term), Some(clause)) => clause.push(term),
            (Piece::Or | Piece::Term(_), _) => clauses.push(Vec::new()),
        }
    }
    clauses
        .into_iter()
        .map(with_classes)
        .filter(|clause| clause.iter().any(|term| !term.is_excluded))
        .collect()
}

/// Lower case without accents, and what looks different but is the same as one: full-width letters, ligatures, digits in circles.
pub(super) fn fold(text: &str) -> String {
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
