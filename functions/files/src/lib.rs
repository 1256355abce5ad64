//! What members upload, after it has come: files of projects and events, and members' pictures.
//!
//! A route announces an upload with a row and signs an address for it; the client sends the bytes to S3; S3's event brings them
//! here. [`Files`] compares the object with its row and marks the row as stored, or takes both away. An event may come twice, late,
//! or never: the sweep looks at every row that is still pending, and removes what nobody has any use for.

mod action;
mod error;
mod handler;
mod settings;
mod settle;
mod sweep;
mod verify;

pub use action::Action;
pub use error::FilesError;
pub use handler::{Answer, Files};
pub use settings::Settings;
pub use settle::Outcome;
pub use sweep::Swept;
