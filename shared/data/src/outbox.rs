//! The outbox: mails are written in the transaction that causes them, and sent by the `notify` function once it is committed.
//!
//! A row is claimed for a while, sent outside of any transaction, and marked. A run that dies leaves its claim to lapse, and another
//! takes the row up: a mail is never lost, and it is repeated only when the run died between the provider's answer and the mark. Both
//! mails carry the row's id then, by which their receiver can tell.

mod add;
mod claim;
mod settle;

pub use add::add;
pub use claim::{Claim, ClaimedMail, claim, stands};
pub use settle::{Settled, fail, mark_sent, postpone, release, retry, suppress};

/// What a sealed secret is bound to: its row.
pub(crate) fn sealing_context(id: uuid::Uuid) -> String {
    format!("outbox/{id}")
}
