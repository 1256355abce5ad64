//! Mails: what kinds there are, what waits to be sent, and the words of each.
//!
//! A new kind takes one row in [`MailKind`] and one template; nothing else knows the kinds.

mod addressed;
mod kind;
mod letter;
mod link;
mod render;
mod templates;
#[cfg(test)]
mod tests;
mod topic;

pub use addressed::Mail;
pub use kind::MailKind;
pub use letter::{Details, LetterError, write};
pub use render::Rendered;
