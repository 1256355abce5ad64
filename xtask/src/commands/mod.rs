//! One file per command.

pub(crate) mod assets;
pub(crate) mod audit;
pub(crate) mod bless;
pub(crate) mod client;
pub(crate) mod dev;
pub(crate) mod down;
pub(crate) mod drill;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod openapi;
pub(crate) mod package;
pub(crate) mod pitr;
pub(crate) mod queries;
pub(crate) mod supervise;
pub(crate) mod template;
pub(crate) mod test;
pub(crate) mod upload;
