//! The words of the business as types: ids, states and their transitions, validated values, money and distance.
//!
//! Nothing here does I/O, speaks SQL or knows HTTP.

pub mod announcement;
pub mod application;
pub mod audit;
pub mod backup;
pub mod bounding_box;
pub mod calendar;
mod caller;
pub mod contractor;
pub mod course;
pub mod email;
pub mod event;
pub mod feedback;
pub mod file;
pub mod geo;
pub mod ids;
pub mod ledger;
pub mod listing;
pub mod mail;
pub mod member;
pub mod membership;
pub mod message;
pub mod money;
pub mod notification;
pub mod object;
pub mod operations;
pub mod password;
pub mod payment;
pub mod project;
pub mod report;
pub mod search;
pub mod second_factor;
pub mod secure_data;
pub mod staff;
pub mod text;
pub mod tile;
pub mod turn;
pub mod words;
pub mod zone;

pub use caller::Caller;
