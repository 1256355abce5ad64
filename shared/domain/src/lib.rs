//! The words of the business as types: ids, states and their transitions, validated values, money and distance.
//!
//! Nothing here does I/O, speaks SQL or knows HTTP.

mod caller;
pub mod ids;

pub use caller::Caller;
