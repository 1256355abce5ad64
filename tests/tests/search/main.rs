//! Search through the gateway: what is found, in which order and on which page, what is not found by whom, and what is made of
//! whatever people type.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod exact;
mod filters;
mod highlights;
mod paging;
mod plans;
mod privacy;
mod relevance;
mod relevance_of_words;
mod saved;
mod strings;
mod suggesting;
mod support;
mod typos;
mod visibility;
