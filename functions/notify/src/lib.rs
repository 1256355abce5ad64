//! Sends the mails of the outbox by SES, each with a message id that stays the same however often it is tried, and puts those in that
//! nobody asks for: announcements, digests, and what is new in saved searches.
//!
//! The way of a mail: [`Notifier`] claims due rows for a while; each is written (`portal_domain::mail`), sent by the [`Mailer`] outside
//! of any transaction at the rate that SES allows, and marked at once in a transaction of its own. A run that dies leaves its
//! claims to lapse, and a later run takes the rows up. So a mail is never lost, and it goes out twice only when a run died, or lost its
//! way to the database, between SES's answer and the mark; both copies carry the same id in [`MESSAGE_ID_HEADER`].
//!
//! Before the mails each run does what the clock asks for, which causes some: it passes on seats whose hold or offer has run out, and
//! closes events that are over.

mod action;
mod backoff;
mod deliver;
mod duties;
mod error;
mod handler;
mod learning;
mod mailer;
mod pacer;
mod report;
mod saved_searches;
mod seats;
mod settings;
mod wish;

pub use action::Action;
pub use backoff::pause;
pub use error::NotifyError;
pub use handler::{Chance, Notifier};
pub use mailer::{MESSAGE_ID_HEADER, Mailer, Refusal};
pub use report::{Report, Stopped};
pub use settings::Settings;
