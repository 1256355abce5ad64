//! The books compared with what Stripe lists: what a lost webhook or a dead client left is put right, what cannot be is a finding.

use std::collections::BTreeSet;

use portal_cashier::{Cancelled, CashierError, Listed};
use portal_data::payment_findings::{self, FindingKind};
use portal_data::{payments, refunds};
use portal_stripe::{Created, Refund};

use crate::report::Report;
use crate::run::{Run, noted};

/// Reads Stripe's lists since the last run that has, with an overlap, and compares the ledger with the payments.
///
/// # Errors
/// [`CashierError`] when the database or Stripe is away.
pub(crate) async fn compare(run: &Run<'_>, report: &mut Report) -> Result<(), CashierError> {
    let since = match report.reconciled_until {
        Some(until) => until.min(run.now) - run.settings.overlap,
        None => run.now - run.settings.first_look,
    };
    // Stripe counts in whole seconds: the one that runs is read, too.
    let created = Created {
        from: since,
        until: run.now + time::Duration::SECOND,
    };
    let of_refunds = Created {
        from: since.min(run.now - run.settings.refunds_look),
        ..created
    };
    let is_whole = read_intents(run, created, report).await? && read_refunds(run, of_refunds, report).await?;
    let mut tx = run.cashier.begin(run.id).await?;
    payment_findings::compare_ledger(&mut tx, since).await?;
    tx.commit().await?;
    if is_whole {
        report.reconciled_until = Some(run.now);
    }
    Ok(())
}

/// Whether all were read before the deadline.
async fn read_intents(run: &Run<'_>, created: Created, report: &mut Report) -> Result<bool, CashierError> {
    let mut after: Option<String> = None;
    loop {
        let at = run.cashier.now();
        let stripe = run.cashier.stripe();
        let page = stripe.list_payment_intents(created, after.as_deref()).await?;
        for listed in run.cashier.sort(run.id, &page.data, at).await? {
            if run.deadline.has_come() {
                return Ok(false);
            }
            match listed {
                Listed::Known => {}
                Listed::New(payment, intent) => {
                    let settled = run.cashier.settle(run.id, payment, &intent).await;
                    if let Some((settled, _)) = noted(payment, settled, report)? {
                        report.repaired += u64::from(settled.is_change());
                    }
                }
                Listed::CalledOff(payment, intent) => {
                    let cancelled = run.cashier.cancel(run.id, payment, Some(&intent)).await;
                    let cancelled = noted(payment, cancelled, report)?;
                    report.called_off += u64::from(cancelled.is_some_and(|(of, _)| of == Cancelled::Done));
                }
                Listed::Unknown(intent) => unknown(run, &intent).await?,
            }
        }
        after = page.next().map(str::to_owned);
        if after.is_none() {
            return Ok(true);
        }
    }
}

async fn unknown(run: &Run<'_>, intent: &str) -> Result<(), CashierError> {
    let mut tx = run.cashier.begin(run.id).await?;
    let found = (FindingKind::UnknownIntent, intent);
    payment_findings::report(
        &mut tx,
        found,
        None,
        "Stripe has taken money for no payment of ours",
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Whether all were read before the deadline.
async fn read_refunds(run: &Run<'_>, created: Created, report: &mut Report) -> Result<bool, CashierError> {
    let mut after: Option<String> = None;
    loop {
        let stripe = run.cashier.stripe();
        let page = stripe.list_refunds(created, after.as_deref()).await?;
        for intent in behind(run, &page.data).await? {
            if run.deadline.has_come() {
                return Ok(false);
            }
            let mut tx = run.cashier.begin(run.id).await?;
            let payment = payments::lookup_by_intent(&mut tx, &intent).await?;
            tx.commit().await?;
            // Of a payment that is not ours the refund is not, either.
            let Some(payment) = payment else { continue };
            let settled = run.cashier.settle(run.id, payment, &intent).await;
            if let Some((settled, _)) = noted(payment, settled, report)? {
                report.repaired += u64::from(settled.is_change());
            }
        }
        after = page.next().map(str::to_owned);
        if after.is_none() {
            return Ok(true);
        }
    }
}

/// The PaymentIntents of refunds that the books do not have as they are listed.
async fn behind(run: &Run<'_>, listed: &[Refund]) -> Result<BTreeSet<String>, CashierError> {
    let all: Vec<_> = listed
        .iter()
        .map(|refund| (refund.id.clone(), refund.status))
        .collect();
    let mut tx = run.cashier.begin(run.id).await?;
    let unseen = refunds::list_unseen(&mut tx, &all).await?;
    tx.commit().await?;
    let behind = listed.iter().filter(|refund| unseen.contains(&refund.id));
    Ok(behind
        .filter_map(|refund| refund.payment_intent.clone())
        .collect())
}
