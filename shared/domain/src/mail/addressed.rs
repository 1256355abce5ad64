//! A mail on its way into the outbox.

use std::fmt;

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::MailKind;
use crate::ids::UserId;

/// A mail that is to be sent once the transaction that it is added in has been committed.
#[derive(Clone, PartialEq)]
pub struct Mail {
    /// What it is about.
    pub kind: MailKind,
    /// Whose account it is about: its first name is in the greeting, and nothing is sent once the account is deleted.
    pub user_id: Option<UserId>,
    /// The address it goes to.
    pub recipient: String,
    /// What its words need, a JSON object whose members [`MailKind`] describes. It stays in the row: no secrets.
    pub payload: Value,
    /// The token or code that it carries. Sealed in the row, and gone from there once the mail is sent or given up.
    pub secret: Option<String>,
    /// Of mails with the same key only the first is kept.
    pub deduplication_key: Option<String>,
    /// When it may go out at the earliest; at once where there is none.
    pub not_before: Option<OffsetDateTime>,
}

impl Mail {
    /// A mail of a kind to an address, with nothing to tell but that.
    #[must_use]
    pub fn new(kind: MailKind, recipient: impl Into<String>) -> Self {
        Self {
            kind,
            user_id: None,
            recipient: recipient.into(),
            payload: Value::Object(Map::new()),
            secret: None,
            deduplication_key: None,
            not_before: None,
        }
    }
}

/// Shows all but the secret, so that a mail may stand in a log line.
impl fmt::Debug for Mail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Mail")
            .field("kind", &self.kind)
            .field("user_id", &self.user_id)
            .field("payload", &self.payload)
            .field("secret", &self.secret.as_ref().map(|_| "[redacted]"))
            .field("deduplication_key", &self.deduplication_key)
            .field("not_before", &self.not_before)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_does_not_show() {
        let mut mail = Mail::new(MailKind::VerifyEmail, "ana@example.org");
        mail.secret = Some("hunter2".to_owned());
        let shown = format!("{mail:?}");
        assert!(shown.contains("[redacted]"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
