//! What the black-box and database tests share: the running stack, databases made from the migrations, and the OpenAPI document.
//!
//! Everything here is for tests, so it panics with a message where a test could not go on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod database;
pub mod fake_stripe;
pub mod function;
pub mod gateway;
pub mod jobs;
pub mod licence_files;
pub mod members;
pub mod openapi;
pub mod people;
pub mod primary;
pub mod rows;
pub mod samples;
pub mod stack;
pub mod tokens;
pub mod webdriver;
