//! Reports, for those with `reports.read`. `docs/reports.md` says what is counted; each statement stands in a file of its own.

mod events;
mod members;
mod outreach;
mod projects;
mod revenue;

use crate::{DataError, Tx};

pub use events::events;
pub use members::members;
pub use outreach::{Firms, outreach};
pub use projects::projects;
pub use revenue::revenue;

/// Has the statements of the rest of a transaction planned as those of reports: before the first of them.
async fn plan(tx: &mut Tx) -> Result<(), DataError> {
    sqlx::query!(r#"SELECT app.plan_report()::text AS "nothing""#)
        .fetch_one(&mut *tx)
        .await?;
    Ok(())
}

/// The index of what stands at a place that a statement counts from one.
fn place(n: i32) -> Option<usize> {
    usize::try_from(n).ok()?.checked_sub(1)
}
