//! The vocabulary of made-up projects, events, courses and mail: specific enough that a search can be judged by what it finds.

pub(crate) mod admin;
pub(crate) mod building;
pub(crate) mod civil;
pub(crate) mod events;
pub(crate) mod learning;
pub(crate) mod mail;
pub(crate) mod projects;
pub(crate) mod trades;
pub(crate) mod upkeep;
