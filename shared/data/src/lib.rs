//! The data crate: how the portal talks to PostgreSQL. All SQL stands here and in `migrations/`.
//!
//! [`Database`] routes reads to replicas and writes to the primary; [`Tx`], a transaction begun *as the caller*, is the only way
//! to run SQL. One module for each aggregate holds its repository.
//!
//! What both edges, HTTP and triggers, need of their surroundings stands here too: [`Environment`], [`Secrets`], [`aws`]
//! and [`metrics`].

pub mod accounts;
pub mod announcements;
pub mod applications;
pub mod audit;
pub mod avatars;
pub mod aws;
pub mod backups;
pub mod blocks;
mod cached_secret;
pub mod calendars;
pub mod certificates;
mod columns;
mod config;
pub mod connect;
mod context;
pub mod contractors;
pub mod conversations;
pub mod courses;
mod database;
pub mod digests;
pub mod enrollments;
mod environment;
mod error;
mod estimate;
pub mod events;
pub mod feedback;
pub mod health;
pub mod idempotency;
pub mod imports;
pub mod job_runs;
pub mod ledger;
pub mod leftovers;
pub mod maps;
pub mod members;
pub mod memberships;
pub mod messages;
pub mod metrics;
pub mod mfa;
mod node;
pub mod notifications;
pub mod outbox;
pub mod partitions;
pub mod payment_findings;
pub mod payments;
pub mod permissions;
mod place;
pub mod projects;
mod reading;
pub mod refunds;
pub mod registrations;
pub mod reports;
pub mod resealing;
pub mod saved_searches;
pub mod savepoint;
pub mod sealing;
pub mod search;
mod secrets;
pub mod secure_data;
pub mod server;
pub mod sign_ins;
mod single_row;
pub mod single_use_tokens;
pub mod staff;
pub mod stripe_events;
pub mod throttle;
mod timings;
pub mod turns;
mod tx;
pub mod upkeep;
pub mod uploads;

pub use cached_secret::CachedSecret;
pub use config::{DatabaseConfig, Endpoint};
pub use context::{ConsistencyToken, RequestContext, Standing};
pub use database::Database;
pub use environment::{ConfigError, Environment};
pub use error::DataError;
pub use estimate::Counting;
pub use reading::Reading;
pub use secrets::{SecretError, Secrets};
pub use timings::Timings;
pub use tx::Tx;
