//! Looks at the database and its jobs every few minutes: what each check of `portal_data::health` finds goes into the history and to
//! CloudWatch, and people are told by SNS when something begins to be wrong and when it is over.
//!
//! The checks of a run are one transaction with their history and what comes of the alerts. Notices go out behind it, each marked when SNS
//! has taken it: a run that dies in between is made good by the next, and at worst a notice comes twice, with the same `alertId`.

mod error;
mod handler;
mod look;
mod notice;
mod publisher;
mod settings;

pub use error::HealthError;
pub use handler::{Answer, Health};
pub use notice::Message;
pub use publisher::Publisher;
pub use settings::Settings;
