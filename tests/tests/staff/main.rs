//! Staff work through the gateway and the pooler: accounts and their lists, roles and who may give them, merges, tickets, reports,
//! findings, and the record of all of it.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod accounts;
mod at_once;
mod constraints;
mod desk;
mod lists;
mod lists_model;
mod merging;
mod merging_clashes;
mod merging_money;
mod merging_paid;
mod merging_privacy;
mod merging_together;
mod moderation;
mod people;
mod plans;
mod policies;
mod record;
mod refused;
mod roles;
mod second_factor;
mod support;
