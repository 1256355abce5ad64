//! Which word of the dictionary, or for a trade, a misspelt one was meant to be.

use super::trades::trade_words;

/// The shortest word that is corrected: a shorter one is too close to too many others.
const SHORTEST: usize = 4;

/// Up to this length a word may differ by one letter, beyond it by two.
const SHORT: usize = 5;

/// A word that some documents have is taken for a slip only where so many times as many have the other.
const CLEARLY: i64 = 20;

/// As how common the words for trades count. Firms are called Electric, and looked for as electricians.
const TRADE: i64 = 1_000;

/// The likeliest of `candidates` and of the words for trades, with the number of documents that each is in, for a word that `documents` have: the closest by
/// the letters that are missing, superfluous, wrong or swapped (Damerau and Levenshtein), then the commonest.
#[must_use]
pub fn correction<'a>(word: &str, documents: i64, candidates: &'a [(String, i64)]) -> Option<&'a str> {
    let length = word.chars().count();
    if length < SHORTEST || trade_words().any(|right| right == word) {
        return None;
    }
    let most = if length > SHORT { 2 } else { 1 };
    let candidates = candidates.iter().map(|(other, others)| (other.as_str(), *others));
    candidates
        .chain(trade_words().map(|other| (other, TRADE)))
        .map(|(other, others)| (strsim::damerau_levenshtein(word, other), others, other))
        .filter(|(distance, others, _)| (1..=most).contains(distance) && *others > documents * CLEARLY)
        .min_by(|one, other| {
            one.0
                .cmp(&other.0)
                .then(other.1.cmp(&one.1))
                .then(one.2.cmp(other.2))
        })
        .map(|(_, _, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corrected(word: &str, documents: i64) -> Option<&'static str> {
        let dictionary = [
            ("plumbing", 12_000),
            ("plumas", 190),
            ("garcia", 1_800),
            ("garden", 1_500),
            ("roof", 900),
            ("root", 3),
            ("oakland", 8_000),
            ("electrical", 4_000),
        ];
        let candidates = dictionary.map(|(word, documents)| (word.to_owned(), documents));
        correction(word, documents, &candidates).and_then(|found| {
            dictionary
                .iter()
                .map(|(word, _)| *word)
                .find(|word| *word == found)
        })
    }

    #[test]
    fn slips_of_the_finger_are_seen_through() {
        for (typed, meant) in [
            ("plumbnig", "plumbing"),
            ("plumbin", "plumbing"),
            ("palmbing", "plumbing"),
            ("garzia", "garcia"),
            ("elecrtical", "electrical"),
            ("oaklnad", "oakland"),
            ("rooof", "roof"),
        ] {
            assert_eq!(corrected(typed, 0), Some(meant), "{typed}");
        }
    }

    #[test]
    fn words_for_trades_need_be_in_no_document() {
        for (typed, meant) in [
            ("electrisian", "electrician"),
            ("plummer", "plumber"),
            ("rofer", "roofer"),
            ("carpinter", "carpenter"),
        ] {
            assert_eq!(correction(typed, 0, &[]), Some(meant), "{typed}");
        }
        assert_eq!(correction("plummer", 60, &[]), None);
        assert_eq!(correction("electrician", 0, &[]), None);
    }

    #[test]
    fn what_is_too_far_too_short_or_right_stays() {
        for word in ["pl", "rof", "xyzzy", "plumbing", "plamnig", "gard"] {
            assert_eq!(corrected(word, 0), None, "{word}");
        }
    }

    #[test]
    fn a_word_that_exists_gives_way_to_a_much_commoner_one_alone() {
        assert_eq!(corrected("plumbingg", 2), Some("plumbing"));
        assert_eq!(corrected("roo", 1), None);
        assert_eq!(corrected("roofs", 100), None);
    }
}
