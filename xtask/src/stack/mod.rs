//! The portal on one machine: real servers in the places of AWS's, started and watched by one supervisor process.
//!
//! PostgreSQL primary and streaming replica, PgBouncer in transaction mode before each (RDS Proxy), an AWS emulator (S3,
//! Secrets Manager, SES, SNS), one of Stripe, the `cargo lambda` gateway (API Gateway and the Lambda service), and every function's own
//! binary.

pub(crate) mod account;
pub(crate) mod alerts;
pub(crate) mod aws;
pub(crate) mod bring_up;
pub(crate) mod certificates;
pub(crate) mod describe;
#[cfg(test)]
pub(crate) mod eventually;
pub(crate) mod functions;
pub(crate) mod gateway;
pub(crate) mod install;
pub(crate) mod lambda;
pub(crate) mod layout;
pub(crate) mod lock;
pub(crate) mod notifications;
pub(crate) mod pgbouncer;
pub(crate) mod ports;
pub(crate) mod postgres;
pub(crate) mod replica;
pub(crate) mod routes;
pub(crate) mod s3_event;
pub(crate) mod schedules;
pub(crate) mod scratch;
pub(crate) mod secrets;
pub(crate) mod state;
pub(crate) mod stripe;
pub(crate) mod supervisor;
pub(crate) mod token_keys;
