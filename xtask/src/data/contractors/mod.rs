//! Licence files as the state publishes them, with everything that is odd about them.

mod address;
mod business;
mod classes;
mod cover;
mod encoding;
mod file;
mod firm_name;
mod layout;
mod licence;
mod quirks;
mod rejects;
#[cfg(test)]
mod tests;

pub(crate) use encoding::Encoding;
pub(crate) use file::{Recipe, Written, write_file};
pub(crate) use firm_name::firm_name;
pub(crate) use layout::Layout;
pub(crate) use licence::licence_number;
