//! Payments that may still be paid: what has become of them, and the end of those that nobody pays.

use portal_cashier::{Cancelled, CashierError};
use portal_data::payment_findings::{self, FindingKind};
use portal_data::payments::{self, Abandoned, Settled};
use portal_stripe::StripeError;

use crate::report::Report;
use crate::run::{BATCH, Run, noted};

/// Asks Stripe about every open payment that is older than an hour, and calls off what is older than a day.
///
/// # Errors
/// [`CashierError`] when the database or Stripe is away.
pub(crate) async fn ask(run: &Run<'_>, report: &mut Report) -> Result<(), CashierError> {
    let before = run.now - run.settings.asked_after;
    let mut after: Option<Abandoned> = None;
    loop {
        let mut tx = run.cashier.begin(run.id).await?;
        let open = payments::list_open(&mut tx, before, after.as_ref(), BATCH).await?;
        tx.commit().await?;
        let Some(last) = open.last() else { return Ok(()) };
        after = Some(last.clone());
        for payment in &open {
            if run.deadline.has_come() {
                return Ok(());
            }
            let asked = look_into(run, payment, report).await;
            noted(payment.id, asked, report)?;
        }
    }
}

async fn look_into(run: &Run<'_>, payment: &Abandoned, report: &mut Report) -> Result<(), CashierError> {
    if let Some(intent) = &payment.intent {
        match run.cashier.settle(run.id, payment.id, intent).await {
            Ok((Settled::Changed(state), _)) if !state.status.is_open() => {
                report.repaired += 1;
                return Ok(());
            }
            Ok((Settled::Contradicts, _)) => return Ok(()),
            Ok(_) => {}
            Err(CashierError::Stripe(StripeError::NotFound(_))) => {
                return missing(run, payment, intent).await;
            }
            Err(error) => return Err(error),
        }
    }
    if payment.created_at > run.now - run.settings.abandoned_after {
        return Ok(());
    }
    let (cancelled, _) = run
        .cashier
        .cancel(run.id, payment.id, payment.intent.as_deref())
        .await?;
    report.called_off += u64::from(cancelled == Cancelled::Done);
    Ok(())
}

/// Stripe knows nothing of it: people look. It stays open, since nobody knows whether money was taken.
async fn missing(run: &Run<'_>, payment: &Abandoned, intent: &str) -> Result<(), CashierError> {
    let mut tx = run.cashier.begin(run.id).await?;
    let detail = format!("Stripe knows of no {intent}, which the payment names");
    let subject = payment.id.to_string();
    let found = (FindingKind::MissingIntent, subject.as_str());
    payment_findings::report(&mut tx, found, Some(payment.id), &detail).await?;
    tx.commit().await?;
    Ok(())
}
