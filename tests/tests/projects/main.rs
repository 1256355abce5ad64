//! Projects through the gateway and the pooler: their life, who sees and runs them, lists, bids, awards, addenda, invitations,
//! matches and imports.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod addenda;
mod at_once;
mod awards;
mod bad_input;
mod bids;
mod cursor;
mod cursor_rows;
mod editing;
mod filters;
mod filters_model;
mod imports;
mod imports_again;
mod invitations;
mod lifecycle;
mod matches;
mod matches_model;
mod odd_values;
mod people;
mod permissions;
mod races;
mod reviewing;
mod sealed;
mod support;
mod visibility;
