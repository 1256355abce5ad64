//! Tiles, boxes and the map page: against brute force, through the gateway, and in a browser.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod boxes;
mod browser;
mod gateway;
mod mvt;
mod places;
mod radius;
mod tiles;
mod visibility;
