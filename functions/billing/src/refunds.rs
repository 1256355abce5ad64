//! Refunds that are owed, and those that are on their way.

use portal_cashier::{CashierError, Refunded};
use portal_data::refunds;
use portal_stripe::StripeError;

use crate::report::Report;
use crate::run::{BATCH, Run, noted};

/// Makes every refund that is written down and not made yet, and looks after those that Stripe has not finished.
///
/// # Errors
/// [`CashierError`] when the database or Stripe is away.
pub(crate) async fn give_back(run: &Run<'_>, report: &mut Report) -> Result<(), CashierError> {
    let mut after = None;
    loop {
        let mut tx = run.cashier.begin(run.id).await?;
        let owed = refunds::list_requested(&mut tx, after, BATCH).await?;
        tx.commit().await?;
        let Some(last) = owed.last() else { break };
        after = Some(last.id);
        for refund in &owed {
            if run.deadline.has_come() {
                return Ok(());
            }
            let made = run.cashier.give_back(run.id, refund).await;
            match noted(refund.id, made, report)? {
                Some((Refunded::Made, _)) => report.refunded += 1,
                Some((Refunded::Refused, _)) => report.refunds_refused += 1,
                None => {}
            }
        }
    }
    follow(run, report).await
}

async fn follow(run: &Run<'_>, report: &mut Report) -> Result<(), CashierError> {
    let refused_since = run.now - run.settings.overlap;
    let mut after = None;
    loop {
        let mut tx = run.cashier.begin(run.id).await?;
        let pending = refunds::list_pending(&mut tx, refused_since, after, BATCH).await?;
        tx.commit().await?;
        let Some(last) = pending.last() else { return Ok(()) };
        after = Some(last.id);
        for refund in &pending {
            if run.deadline.has_come() {
                return Ok(());
            }
            let settled = match run.cashier.settle(run.id, refund.payment, &refund.intent).await {
                // It was refused since Stripe does not know the payment: there is a finding.
                Err(CashierError::Stripe(StripeError::NotFound(_))) => continue,
                settled => settled,
            };
            if let Some((settled, _)) = noted(refund.id, settled, report)? {
                report.repaired += u64::from(settled.is_change());
            }
        }
    }
}
