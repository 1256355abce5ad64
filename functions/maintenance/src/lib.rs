//! The upkeep that EventBridge starts. An event's detail names the step, `{"step": "audit-seal"}`; each step is a module, and each
//! run leaves a record in `job_runs`. A step may be run twice, late, or twice at once.

mod audit_seal;
mod audit_verify;
mod direct;
mod error;
mod handler;
mod purge;
pub mod reencrypt;
mod refresh_views;
mod reindex;
mod seal_object;
mod search_terms;
mod settings;
mod step;
mod turns;
mod vacuum;

pub use audit_verify::{Finding, Problem};
pub use direct::Primary;
pub use error::MaintenanceError;
pub use handler::{Answer, Maintenance};
pub use settings::Settings;
pub use step::Step;
