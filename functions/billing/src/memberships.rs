//! Memberships that end, and reminders before they do.

use portal_cashier::CashierError;
use portal_data::memberships;

use crate::report::Report;
use crate::run::{BATCH, Run, noted};

/// Brings states up to date, member by member, and writes the reminders that are due.
///
/// # Errors
/// [`CashierError`] when the database is away.
pub(crate) async fn keep(run: &Run<'_>, report: &mut Report) -> Result<(), CashierError> {
    end(run, report).await?;
    while !run.deadline.has_come() {
        let mut tx = run.cashier.begin(run.id).await?;
        let reminded = memberships::remind(&mut tx, run.now, BATCH).await?;
        tx.commit().await?;
        report.reminded += u64::try_from(reminded).unwrap_or(0);
        if reminded == 0 {
            break;
        }
    }
    Ok(())
}

async fn end(run: &Run<'_>, report: &mut Report) -> Result<(), CashierError> {
    let terms = (&run.cashier.terms().membership, run.now);
    let mut after = None;
    loop {
        let mut tx = run.cashier.begin(run.id).await?;
        let members = memberships::list_ended(&mut tx, run.now, after, BATCH).await?;
        tx.commit().await?;
        let Some(last) = members.last() else { return Ok(()) };
        after = Some(*last);
        for member in members {
            if run.deadline.has_come() {
                return Ok(());
            }
            let ended = async {
                let mut tx = run.cashier.begin(run.id).await?;
                let ended = memberships::end(&mut tx, member, terms).await?;
                tx.commit().await?;
                Ok(ended)
            };
            let ended = noted(member, ended.await, report)?;
            report.memberships_ended += ended.and_then(|ended| u64::try_from(ended).ok()).unwrap_or(0);
        }
    }
}
