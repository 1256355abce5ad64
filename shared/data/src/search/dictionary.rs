//! What the dictionary knows of the words of a search.

use std::collections::HashMap;

use portal_domain::search::{SearchWords, correction};

use crate::{DataError, Tx};

/// What is known of a word of the dictionary.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// The share of the contractors that have it.
    contractors: f32,
    /// The share of the projects that have it.
    projects: f32,
    /// How many documents have it.
    documents: i64,
}

/// What the dictionary knows of the words of one search. It holds words of public rows alone, and is a day old at most.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    known: HashMap<String, Known>,
    /// What the last word may be the beginning of, the likeliest first.
    completions: Vec<(String, Known)>,
    beginning: Option<String>,
    /// Words that are like those which hardly any document has.
    like: HashMap<String, Vec<(String, i64)>>,
}

impl Dictionary {
    /// How many documents have a word.
    #[must_use]
    pub fn documents(&self, word: &str) -> i64 {
        self.known.get(word).map_or(0, |known| known.documents)
    }

    /// What the last word may be the beginning of.
    pub(super) fn completions(&self) -> Vec<String> {
        self.completions.iter().map(|(word, _)| word.clone()).collect()
    }

    /// The share of the contractors that have a word, or what it begins.
    pub(super) fn share_of_contractors(&self, word: &str) -> f32 {
        self.share(word, |known| known.contractors)
    }

    /// The share of the projects.
    pub(super) fn share_of_projects(&self, word: &str) -> f32 {
        self.share(word, |known| known.projects)
    }

    /// The word that a misspelt one was meant to be.
    #[must_use]
    pub fn correction(&self, word: &str) -> Option<String> {
        let like = self.like.get(word).map_or(&[][..], Vec::as_slice);
        correction(word, self.documents(word), like).map(str::to_owned)
    }

    fn share(&self, word: &str, of: impl Fn(&Known) -> f32) -> f32 {
        let own = self.known.get(word).map_or(0.0, &of);
        if self.beginning.as_deref() == Some(word) {
            own + self.completions.iter().map(|(_, known)| of(known)).sum::<f32>()
        } else {
            own
        }
    }
}

/// Looks the words of a search up. The indexes of `search_terms` serve it: the primary key, and trigrams for words that hardly any
/// document has.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn look_up(tx: &mut Tx, words: &SearchWords) -> Result<Dictionary, DataError> {
    let mut dictionary = Dictionary {
        beginning: words.beginning().map(str::to_owned),
        ..Dictionary::default()
    };
    let rows = sqlx::query!(
        r#"SELECT word AS "word!", term AS "term!", is_like AS "is_like!", contractors AS "contractors!", projects AS "projects!",
                  documents AS "documents!"
           FROM app.look_up_words($1, $2)"#,
        &words.plain(),
        dictionary.beginning,
    )
    .fetch_all(&mut *tx)
    .await?;
    for row in rows {
        let known = Known {
            contractors: row.contractors,
            projects: row.projects,
            documents: row.documents,
        };
        if row.is_like {
            let like = dictionary.like.entry(row.word).or_default();
            like.push((row.term, row.documents));
        } else if row.term == row.word {
            dictionary.known.insert(row.word, known);
        } else {
            dictionary.completions.push((row.term, known));
        }
    }
    Ok(dictionary)
}
