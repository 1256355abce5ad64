//! Row-level security against a model of it: random people with random roles, random rows of every table, and for each login role
//! and caller what it can read, insert, change and delete, as the policies have it and as `rules` says from the design.
//!
//! `PORTAL_MODEL_SEED` repeats a run; `PORTAL_MODEL_SECONDS` says how long to look (25).
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod coverage;
mod plan;
mod probe;
mod property;
mod rules;
mod rules_of_members;
mod rules_of_work;
mod who;
