//! Search over everything at once: candidates from each kind of document, scored together; corrections from a dictionary of public
//! words; and suggestions for what is being typed.
//!
//! Whatever is looked at comes through the views that lists read, so nothing is found, counted, suggested or corrected to that the
//! caller may not see. A search costs about the same whatever its words: each kind gives [`CAP`] candidates or a few more.

mod describe;
mod dictionary;
mod filters;
mod find;
mod fresh;
mod refresh;
mod suggest;

use portal_domain::listing::Moment;
use portal_domain::search::{Candidate, Score, SearchMatching, SearchType, SearchWords, place};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::projects::{instant, micros};
use crate::{DataError, Tx};

pub use describe::{SearchResult, describe};
pub use dictionary::{Dictionary, look_up};
pub use filters::SearchFilters;
pub use find::{CAP, Facets, Found, Search, find};
pub use fresh::{Fresh, find_fresh};
pub use refresh::{TermCounts, refresh_terms};
pub use suggest::{Suggestion, suggest};

/// So few results that a misspelt word may be why.
const FEW: usize = 3;

/// Where the next page begins, and which search it is a page of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPosition {
    /// When the first page was scored, in microseconds since 1970.
    at_micros: i64,
    /// The words that were searched for, where not those that were typed.
    instead: Option<String>,
    /// Of how many words.
    matching: SearchMatching,
    /// The score of the last result.
    score: Score,
    /// What it is.
    kind: SearchType,
    /// Its id.
    id: String,
}

impl SearchPosition {
    /// Whether a candidate stands on a later page.
    fn is_before(&self, score: Score, candidate: &Candidate) -> bool {
        place(score, candidate.kind, &candidate.id) > place(self.score, self.kind, &self.id)
    }
}

/// What a search has found, and for which words.
#[derive(Debug)]
pub struct SearchAnswer {
    /// This page.
    pub results: Vec<SearchResult>,
    /// How many results all pages have.
    pub total: i64,
    /// How they divide up.
    pub facets: Facets,
    /// The words that were searched for.
    pub searched_for: SearchWords,
    /// Whether the results have all of them.
    pub matching: SearchMatching,
    /// What may have been meant: what was searched for, or what could be.
    pub did_you_mean: Option<SearchWords>,
    /// When it was scored.
    at: OffsetDateTime,
}

impl SearchAnswer {
    /// Where the page after a result begins.
    #[must_use]
    pub fn position(&self, result: &SearchResult) -> SearchPosition {
        let is_corrected = self.did_you_mean.as_ref() == Some(&self.searched_for);
        SearchPosition {
            at_micros: micros(Moment(self.at)),
            instead: is_corrected.then(|| self.searched_for.to_string()),
            matching: self.matching,
            score: result.score,
            kind: result.kind,
            id: result.id.clone(),
        }
    }
}

/// A page of what the words of `text` find. Where they find nothing, a likely correction is searched for, and then documents that
/// have some of the words alone; where they find little, the correction is only named. Scored as of `now` on the first page.
///
/// # Errors
/// [`DataError`] of a query.
pub async fn search(
    tx: &mut Tx,
    text: &str,
    filters: &SearchFilters,
    now: OffsetDateTime,
    after: Option<&SearchPosition>,
    limit: i64,
) -> Result<SearchAnswer, DataError> {
    let typed = Attempt::of(text, SearchWords::parse(text), SearchMatching::All);
    let mut searching = Searching {
        tx,
        filters,
        // As exact as the database and the next page have it.
        at: instant(after.map_or_else(|| micros(Moment(now)), |after| after.at_micros)),
        after,
        limit: usize::try_from(limit).unwrap_or_default(),
    };
    let Some(after) = after else {
        return searching.first_page(typed).await;
    };
    let mut attempt = typed;
    let mut meant = None;
    if let Some(instead) = &after.instead {
        let words = SearchWords::parse(instead).closed();
        meant = Some(words.clone());
        attempt = Attempt::of(instead, words, after.matching);
    }
    attempt.matching = after.matching;
    let dictionary = look_up(searching.tx, &attempt.words).await?;
    let found = searching.find(&attempt, &dictionary).await?;
    searching.answer(attempt, found, meant).await
}

/// The words of one try, as text and as read.
struct Attempt {
    text: String,
    words: SearchWords,
    matching: SearchMatching,
}

impl Attempt {
    fn of(text: &str, words: SearchWords, matching: SearchMatching) -> Self {
        Self {
            text: text.trim().to_lowercase(),
            words,
            matching,
        }
    }
}

/// One search while it is made.
struct Searching<'a> {
    tx: &'a mut Tx,
    filters: &'a SearchFilters,
    at: OffsetDateTime,
    after: Option<&'a SearchPosition>,
    limit: usize,
}

impl Searching<'_> {
    async fn first_page(&mut self, typed: Attempt) -> Result<SearchAnswer, DataError> {
        let dictionary = look_up(self.tx, &typed.words).await?;
        let found = self.find(&typed, &dictionary).await?;
        if found.ranked.len() >= FEW {
            return self.answer(typed, found, None).await;
        }
        let meant = typed.words.with_spelling(|word| dictionary.correction(word));
        if !found.ranked.is_empty() {
            return self.answer(typed, found, meant).await;
        }
        if let Some(words) = &meant {
            let corrected = Attempt::of(&words.to_string(), words.clone(), SearchMatching::All);
            let known = look_up(self.tx, words).await?;
            let found = self.find(&corrected, &known).await?;
            if !found.ranked.is_empty() {
                return self.answer(corrected, found, meant).await;
            }
            if let Some(answer) = self.some(corrected, &known, meant.clone()).await? {
                return Ok(answer);
            }
        }
        let (text, words) = (typed.text.clone(), typed.words.clone());
        let again = Attempt::of(&text, words, SearchMatching::All);
        match self.some(again, &dictionary, None).await? {
            Some(answer) => Ok(answer),
            None => self.answer(typed, found, None).await,
        }
    }

    /// What has some of the words; none where nothing has, or there are none to leave out.
    async fn some(
        &mut self,
        attempt: Attempt,
        dictionary: &Dictionary,
        meant: Option<SearchWords>,
    ) -> Result<Option<SearchAnswer>, DataError> {
        let attempt = Attempt {
            matching: SearchMatching::Some,
            ..attempt
        };
        let found = self.find(&attempt, dictionary).await?;
        if found.ranked.is_empty() {
            return Ok(None);
        }
        self.answer(attempt, found, meant).await.map(Some)
    }

    async fn find(&mut self, attempt: &Attempt, dictionary: &Dictionary) -> Result<Found, DataError> {
        let search = Search {
            text: &attempt.text,
            words: &attempt.words,
            matching: attempt.matching,
            filters: self.filters,
            at: self.at,
        };
        find(self.tx, &search, dictionary).await
    }

    async fn answer(
        &mut self,
        attempt: Attempt,
        found: Found,
        did_you_mean: Option<SearchWords>,
    ) -> Result<SearchAnswer, DataError> {
        let facets = found.facets();
        // At most a few caps.
        let total = i64::try_from(found.ranked.len()).unwrap_or(i64::MAX);
        let is_later = |(score, candidate): &(Score, Candidate)| {
            self.after.is_none_or(|after| after.is_before(*score, candidate))
        };
        let page: Vec<_> = found
            .ranked
            .into_iter()
            .filter(is_later)
            .take(self.limit)
            .collect();
        Ok(SearchAnswer {
            results: describe(self.tx, &attempt.words, &page).await?,
            total,
            facets,
            searched_for: attempt.words,
            matching: attempt.matching,
            did_you_mean,
            at: self.at,
        })
    }
}
