//! Search: what people type, read into words and written as queries; how misspelt words are corrected; and how what was found is
//! marked.
//!
//! Documents are made of the same words by `app.search_text` and `app.class_words` in the migrations.

mod highlight;
mod query;
mod ranking;
mod reading;
mod saved;
mod spelling;
mod trades;
mod words;

pub use highlight::{MARK_END, MARK_START, marked_html};
pub use ranking::{Candidate, Facet, FacetValue, NameMatch, Score, capped_kinds, facet, place, ranked};
pub use reading::MOST_WORDS;
pub use saved::{LONGEST_QUERY, SavedQuery, SavedSearch, parameters};
pub use spelling::correction;
pub use words::SearchWords;

use crate::words::words;

words! {
    /// What can be found.
    SearchType {
        /// A construction project.
        Project = "PROJECT",
        /// A member of the association.
        Member = "MEMBER",
        /// A licensed contractor.
        Contractor = "CONTRACTOR",
        /// An event.
        Event = "EVENT",
        /// A course.
        Course = "COURSE",
    }
}

words! {
    /// Of how many of its words a search was made.
    SearchMatching {
        /// Of all.
        All = "ALL",
        /// Of some, since nothing has all.
        Some = "SOME",
    }
}
