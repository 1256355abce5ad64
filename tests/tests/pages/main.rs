//! The pages for people, in a real browser: the API page and the operations page.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod api_page;
mod api_parts;
mod files;
mod lacking;
mod operations_page;
mod operations_parts;
mod operations_session;
mod screenshots;
mod support;
