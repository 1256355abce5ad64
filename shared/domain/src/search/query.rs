//! Words written as queries for `to_tsquery`: every word stands in quotes and holds letters and digits alone, so none can be taken
//! for an operator.

use super::SearchType;
use super::trades::trade_of;
use super::words::{SearchWords, Term, Word};

/// Words that mean nothing by themselves; names hold them, but whoever leaves one out means the same name.
const FILLING: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "find", "for", "from", "get", "good",
    "have", "help", "hire", "i", "in", "is", "it", "looking", "me", "my", "near", "need", "needs", "of",
    "on", "or", "our", "please", "someone", "that", "the", "their", "this", "to", "want", "we", "who",
    "with", "you",
];

/// What everything of a kind is, so that asking for it says only which kind is wanted.
fn implied(kind: SearchType) -> &'static [&'static str] {
    match kind {
        SearchType::Project => &[
            "project",
            "projects",
            "job",
            "jobs",
            "bid",
            "bids",
            "contractor",
            "contractors",
            "licensed",
            "license",
        ],
        SearchType::Contractor => &[
            "contractor",
            "contractors",
            "company",
            "companies",
            "firm",
            "firms",
            "business",
            "businesses",
            "licensed",
            "license",
            "licence",
            "lic",
            "cslb",
        ],
        SearchType::Event => &["event", "events"],
        SearchType::Course => &["course", "courses", "class", "classes", "training"],
        SearchType::Member => &["member", "members", "contractor", "contractors"],
    }
}

/// The most words of which a search for some is made.
const MOST_FOR_SOME: usize = 4;

impl SearchWords {
    /// The words as they were typed.
    #[must_use]
    pub fn literal(&self) -> String {
        let clauses = self
            .clauses
            .iter()
            .map(|clause| all_of(clause.iter().map(literal_term)));
        any_of(clauses)
    }

    /// The words as they were typed, without those that say little or only which kind of document is wanted.
    #[must_use]
    pub fn essential(&self) -> String {
        let clauses = self.clauses.iter().map(|clause| {
            let terms = SearchType::ALL.iter().fold(clause.iter().collect(), kept);
            all_of(terms.into_iter().map(literal_term))
        });
        any_of(clauses)
    }

    /// The words and their kin, for documents of a kind: the trade that a word stands for, its class, and what the last word begins
    /// (`completions`, the likeliest first).
    #[must_use]
    pub fn wanted(&self, kind: SearchType, completions: &[String]) -> String {
        let clauses = self.clauses.iter().map(|clause| {
            let terms = kept(clause.iter().collect(), &kind);
            all_of(terms.into_iter().map(|term| self.wide_term(term, completions)))
        });
        any_of(clauses)
    }

    /// For when nothing has all words: any two of the four that the fewest documents have, or either of two. None where there are
    /// no two to choose from, or nothing would be left out.
    #[must_use]
    pub fn some(&self, kind: SearchType, documents: &dyn Fn(&str) -> i64) -> Option<String> {
        let terms: Vec<_> = self
            .clauses
            .iter()
            .flat_map(|clause| kept(clause.iter().collect(), &kind))
            .collect();
        let (excluded, wanted): (Vec<&Term>, Vec<&Term>) =
            terms.into_iter().partition(|term| term.is_excluded);
        let mut known: Vec<_> = wanted
            .iter()
            .map(|term| (commonness(term, documents), *term))
            .filter(|(documents, _)| *documents > 0)
            .collect();
        if wanted.len() < 2 || known.is_empty() {
            return None;
        }
        known.sort_by_key(|(documents, _)| *documents);
        known.truncate(MOST_FOR_SOME);
        let texts: Vec<_> = known.iter().map(|(_, term)| self.wide_term(term, &[])).collect();
        let some = if texts.len() < 3 {
            any_of(texts.into_iter())
        } else {
            let pairs = texts.iter().enumerate().flat_map(|(place, one)| {
                let others = texts.iter().skip(place + 1);
                others.map(move |other| all_of([one.clone(), other.clone()].into_iter()))
            });
            any_of(pairs)
        };
        Some(all_of(
            std::iter::once(some).chain(excluded.into_iter().map(literal_term)),
        ))
    }

    /// Every word that a query may hold, to be looked up in the dictionary.
    #[must_use]
    pub fn plain(&self) -> Vec<String> {
        let terms = self.clauses.iter().flatten().filter(|term| !term.is_excluded);
        let mut plain: Vec<_> = terms.flat_map(|term| &term.words).flat_map(spellings).collect();
        plain.sort();
        plain.dedup();
        plain
    }

    /// How large a share of the documents of a kind may have the words: an upper bound, from the share that has each.
    #[must_use]
    pub fn share(&self, kind: SearchType, of: &dyn Fn(&str) -> f32) -> f32 {
        let clauses = self.clauses.iter().map(|clause| {
            let terms = kept(clause.iter().collect(), &kind);
            let wanted = terms.into_iter().filter(|term| !term.is_excluded);
            wanted.map(|term| share_of(term, of)).fold(1.0, f32::min)
        });
        clauses.sum()
    }

    fn wide_term(&self, term: &Term, completions: &[String]) -> String {
        let Some(word) = term.word() else {
            return literal_term(term);
        };
        let mut ways = literal_ways(word);
        if let Some(trade) = trade_of(&word.joined()) {
            ways.extend(trade.stems.iter().map(|stem| format!("'{stem}':*")));
            ways.push(quoted(trade.class));
        }
        if self
            .beginning()
            .is_some_and(|beginning| word.parts == [beginning])
        {
            ways.push(format!("{}:*", quoted(&word.joined())));
            ways.extend(completions.iter().map(|completion| quoted(completion)));
        }
        any_of(distinct(ways).into_iter())
    }
}

/// The terms that tell documents of a kind apart; all of them where none does.
fn kept<'a>(terms: Vec<&'a Term>, kind: &SearchType) -> Vec<&'a Term> {
    let says_little = |term: &Term| {
        let word = term.word().filter(|word| word.parts.len() == 1).map(Word::joined);
        word.is_some_and(|word| FILLING.contains(&word.as_str()) || implied(*kind).contains(&word.as_str()))
    };
    let kept: Vec<_> = terms.iter().copied().filter(|term| !says_little(term)).collect();
    if kept.iter().any(|term| !term.is_excluded) {
        kept
    } else {
        terms
    }
}

/// The forms of a word that documents may have.
fn spellings(word: &Word) -> Vec<String> {
    let mut spellings = vec![word.joined()];
    spellings.extend(word.class.clone());
    spellings.extend(trade_of(&word.joined()).map(|trade| trade.class.to_owned()));
    spellings
}

/// How many documents have a term, at most.
fn commonness(term: &Term, documents: &dyn Fn(&str) -> i64) -> i64 {
    let words = term.words.iter();
    let counts = words.map(|word| spellings(word).iter().map(|spelling| documents(spelling)).sum());
    counts.min().unwrap_or(0)
}

fn share_of(term: &Term, of: &dyn Fn(&str) -> f32) -> f32 {
    let words = term.words.iter();
    let shares = words.map(|word| spellings(word).iter().map(|spelling| of(spelling)).sum());
    shares.fold(1.0, f32::min)
}

fn literal_term(term: &Term) -> String {
    let text = match term.words.as_slice() {
        [word] if !term.is_phrase => literal_word(word),
        words => {
            let parts = words.iter().flat_map(|word| &word.parts);
            in_order(&parts.map(|part| quoted(part)).collect::<Vec<_>>())
        }
    };
    if term.is_excluded {
        format!("!{text}")
    } else {
        text
    }
}

fn literal_word(word: &Word) -> String {
    any_of(literal_ways(word).into_iter())
}

/// The ways in which documents may have a word as it was typed: as one, in its parts, as the class that it names.
fn literal_ways(word: &Word) -> Vec<String> {
    let parts: Vec<_> = word.parts.iter().map(|part| quoted(part)).collect();
    let mut ways = vec![quoted(&word.joined()), in_order(&parts)];
    ways.extend(word.class.as_deref().map(quoted));
    distinct(ways)
}

fn distinct(texts: Vec<String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct
}

fn quoted(word: &str) -> String {
    format!("'{word}'")
}

fn in_order(words: &[String]) -> String {
    match words {
        [only] => only.clone(),
        words => format!("({})", words.join(" <-> ")),
    }
}

fn all_of(terms: impl Iterator<Item = String>) -> String {
    joined(terms, " & ")
}

fn any_of(terms: impl Iterator<Item = String>) -> String {
    joined(terms, " | ")
}

fn joined(terms: impl Iterator<Item = String>, operator: &str) -> String {
    let terms: Vec<_> = terms.collect();
    match terms.as_slice() {
        [only] => only.clone(),
        [] => String::new(),
        terms => format!("({})", terms.join(operator)),
    }
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
