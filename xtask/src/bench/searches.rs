//! Searches for rare, common, misspelt and half words, and for two at once, out of the dictionary.

use super::cases::{Case, case, column};
use super::report::{Class, Shape};
use crate::load::member::Member;
use anyhow::Result;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use sqlx::postgres::PgConnection;
use std::sync::Arc;

/// The words in the dictionary that consist of letters.
const WORDS: &str = "SELECT term FROM search_terms WHERE term ~ '^[a-z]+$' AND length(term) > ";

/// All of them; the same words in each run over the same data.
pub(super) async fn all(owner: &mut PgConnection, member: &Arc<Member>) -> Result<Vec<Case>> {
    let mut draw = StdRng::seed_from_u64(7);
    let rare = format!("{WORDS}5 GROUP BY 1 ORDER BY sum(document_count), md5(term) LIMIT 300");
    let rare = column(owner, &rare).await?;
    let common = common(owner).await?;
    let some = format!(
        "{WORDS}6 GROUP BY 1 HAVING sum(document_count) BETWEEN 20 AND 5000 ORDER BY md5(term) LIMIT 200"
    );
    let some = column(owner, &some).await?;
    let known: Vec<&String> = some.iter().chain(&common).collect();
    let misspelt = known.iter().map(|word| misspelt(word, &mut draw)).collect();
    let halves = known
        .iter()
        .map(|word| beginning(word, 3..6, &mut draw))
        .collect();
    let starts = known
        .iter()
        .map(|word| beginning(word, 2..6, &mut draw))
        .collect();
    let two = common.iter().flat_map(|one| {
        let others: Vec<String> = some.choose_multiple(&mut draw, 8).cloned().collect();
        others.into_iter().map(move |other| format!("{one}%20{other}"))
    });
    let two = two.collect();
    let search = |name, path: &str, words: Vec<String>| {
        let paths = words.into_iter().map(|word| format!("{path}{word}")).collect();
        case(name, Class::Search, Shape::Other, member, paths)
    };
    let firms = common.clone();
    Ok(vec![
        search("search_rare", "/v1/search?q=", rare),
        search("search_common", "/v1/search?q=", common).beside(&["full_text"]),
        search("search_common_firms", "/v1/search?types=CONTRACTOR&q=", firms)
            .beside(&["full_text_contractors"]),
        search("search_misspelt", "/v1/search?q=", misspelt),
        search("search_prefix", "/v1/search?q=", halves),
        search("search_two", "/v1/search?q=", two),
        search("suggest", "/v1/search/suggest?q=", starts),
    ])
}

/// The words that most documents have.
pub(super) async fn common(owner: &mut PgConnection) -> Result<Vec<String>> {
    let common = format!("{WORDS}3 GROUP BY 1 ORDER BY sum(document_count) DESC, term LIMIT 12");
    column(owner, &common).await
}

/// Two letters in each other's place.
fn misspelt(word: &str, draw: &mut StdRng) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() > 3 {
        let place = draw.random_range(1..letters.len() - 2);
        letters.swap(place, place + 1);
    }
    letters.into_iter().collect()
}

/// The first letters.
fn beginning(word: &str, lengths: std::ops::Range<usize>, draw: &mut StdRng) -> String {
    let length = draw.random_range(lengths);
    word.chars().take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_has_the_same_letters_and_its_first() {
        let mut draw = StdRng::seed_from_u64(1);
        for _ in 0..20 {
            let wrong = misspelt("concrete", &mut draw);
            let mut letters: Vec<char> = wrong.chars().collect();
            letters.sort_unstable();
            assert_eq!(letters.into_iter().collect::<String>(), "cceenort");
            assert!(wrong.starts_with('c'));
        }
        assert_eq!(misspelt("abc", &mut draw), "abc");
        assert!((2..6).contains(&beginning("concrete", 2..6, &mut draw).len()));
    }
}
