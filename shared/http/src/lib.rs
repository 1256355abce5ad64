//! The HTTP edge of the portal: what stands between API Gateway and a route's handler, the same for every function.
//!
//! A function binds its handlers to the table of [`routes`] with [`operations::Operations`] and hands them to [`serve`]. Around
//! every handler the [`edge`] gives the request its id and its caller, turns every error into a problem document
//! ([`problem`]), adds security and cache headers, and writes one line that is log record and metrics.

pub mod answer;
pub mod area;
pub mod body;
pub mod bounds;
pub mod call;
pub mod caller;
pub mod config;
pub mod csv;
pub mod cursor;
pub mod edge;
pub mod etag;
mod event;
pub mod fields;
pub mod file;
pub mod geojson;
pub mod headers;
pub mod html;
pub mod idempotency;
pub mod negotiate;
mod observe;
pub mod openapi;
pub mod operations;
pub mod page;
mod portal;
pub mod problem;
pub mod query;
pub mod rate_limit;
pub mod resource;
pub mod routes;
mod serve;
pub mod site;
pub mod token;
pub mod turns;

pub use call::{Call, PathParameters, Written};
pub use operations::Operations;
pub use portal::Portal;
pub use problem::{Problem, ProblemKind};
pub use serve::{router, serve, start_log};
