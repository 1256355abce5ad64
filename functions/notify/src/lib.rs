//! Empties the outbox: mails by SES, each with a message id that stays the same however often it is tried.
