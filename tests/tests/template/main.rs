//! The deployment's template beside the code: what `template.yaml` says of routes, environments, permissions, schedules and alarms
//! is what the functions' programs, the table of routes and the checks of `health` ask for, and nothing more.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod alarms;
mod environment;
mod kept;
mod network;
mod permissions;
mod program;
mod roles;
mod routes;
mod schedules;
mod starting;
mod template;
