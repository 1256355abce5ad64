//! One file per command.

pub(crate) mod dev;
pub(crate) mod down;
pub(crate) mod import;
pub(crate) mod supervise;
pub(crate) mod upload;
