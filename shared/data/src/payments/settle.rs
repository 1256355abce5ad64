//! Joining a payment with what was seen of it at Stripe: the one place where money counts as taken, and what was bought is given.

use portal_domain::ids::{PaymentId, RefundId};
use portal_domain::money::Cents;
use portal_domain::payment::{
    Delivery, Observed, Owed, PaymentState, PaymentStatus, PaymentType, RefundStatus, Sighting,
};
use time::OffsetDateTime;

use super::deliver::{Delivered, deliver};
use super::row::{LockedPayment, Stored, lock, store};
use super::take_back::take_back;
use super::{Terms, mails};
use crate::payment_findings::{self, FindingKind};
use crate::{DataError, Tx, ledger, memberships, refunds};

/// What was seen of a payment at Stripe, with all of its refunds.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The PaymentIntent's id.
    pub intent: String,
    /// The last charge's.
    pub charge: Option<String>,
    /// The customer's.
    pub customer: Option<String>,
    /// Why the last try was refused.
    pub failure_code: Option<String>,
    /// What counts for the payment's state.
    pub sighting: Sighting,
    /// The refunds one by one.
    pub refunds: Vec<SeenRefund>,
}

/// A refund as it was seen at Stripe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenRefund {
    /// Its id there.
    pub stripe_id: String,
    /// Its id here, where we have made it.
    pub ours: Option<RefundId>,
    /// How much goes back.
    pub amount: Cents,
    /// Where it stands.
    pub status: RefundStatus,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The payment stands otherwise now, or money has moved.
    Changed(PaymentState),
    /// Nothing was new.
    Unchanged(PaymentState),
    /// It cannot be the same payment: nothing was changed, and there is a finding for people.
    Contradicts,
}

impl Settled {
    /// Whether anything was new.
    #[must_use]
    pub const fn is_change(&self) -> bool {
        matches!(self, Self::Changed(_))
    }
}

/// What was bought, after the sighting.
#[derive(Default)]
struct Outcome {
    refusal: Option<&'static str>,
    seat_version: Option<i32>,
}

/// Joins a payment with what was seen, and does what is owed for it. For jobs.
///
/// # Errors
/// [`DataError::NotFound`] for an unknown payment, and those of the queries; nothing is done then.
pub async fn settle(
    tx: &mut Tx,
    id: PaymentId,
    seen: &Seen,
    (terms, now): (&Terms, OffsetDateTime),
) -> Result<Settled, DataError> {
    let locked = lock(tx, id).await?;
    let observed = match observe(&locked, seen) {
        Ok(observed) => observed,
        Err(contradiction) => {
            let subject = id.to_string();
            let found = (FindingKind::Contradiction, subject.as_str());
            payment_findings::report(tx, found, Some(id), &contradiction).await?;
            return Ok(Settled::Contradicts);
        }
    };
    let mut state = observed.state;
    let outcome = match observed.owed {
        Owed::Grant => match deliver(tx, &locked, (terms, now)).await? {
            Delivered::Given { seat_version } => Outcome {
                seat_version,
                refusal: None,
            },
            Delivered::Refused(refusal) => {
                state = state.refused();
                Outcome {
                    seat_version: None,
                    refusal: Some(refusal),
                }
            }
        },
        Owed::Revoke => {
            take_back(tx, &locked, (terms, now)).await?;
            Outcome::default()
        }
        Owed::Nothing | Owed::GiveBack(_) => Outcome::default(),
    };
    let failure_code = seen
        .failure_code
        .as_deref()
        .filter(|_| state.status == PaymentStatus::Failed);
    let is_new =
        state != locked.state || locked.intent.is_none() || failure_code != locked.failure_code.as_deref();
    if is_new {
        let stored = Stored {
            state: &state,
            intent: &seen.intent,
            charge: seen.charge.as_deref(),
            customer: seen.customer.as_deref(),
            failure_code,
            refusal: outcome.refusal,
            seat_version: outcome.seat_version,
        };
        store(tx, id, &stored, now).await?;
    }
    for posting in &observed.postings {
        ledger::post(tx, id, (posting, state.currency), &locked.description, now).await?;
    }
    if state.refunds != locked.state.refunds && state.kind == PaymentType::Membership {
        revalue(tx, &locked, &state).await?;
    }
    let refunded = refunds::observe(tx, id, &seen.refunds, now).await?;
    owe(tx, id, &state).await?;
    finish(tx, (&locked, &observed, &state), failure_code, now).await?;
    let is_change = !observed.is_unchanged(&locked.state) || is_new && locked.intent.is_none() || refunded;
    Ok(if is_change {
        Settled::Changed(state)
    } else {
        Settled::Unchanged(state)
    })
}

/// Keeps what a membership is worth now that money of it has moved; one that counts towards another is for people to look at.
async fn revalue(tx: &mut Tx, locked: &LockedPayment, state: &PaymentState) -> Result<(), DataError> {
    if matches!(state.delivery, Delivery::Given | Delivery::TakenBack) {
        let value = state.amount.less(state.refunds.net()).plus(locked.credit);
        memberships::revalue(tx, locked.id, value).await?;
    }
    let has_gone = state.refunds.net() > locked.state.refunds.net();
    if has_gone && memberships::is_counted_elsewhere(tx, locked.id).await? {
        let subject = locked.id.to_string();
        let found = (FindingKind::CreditGivenBack, subject.as_str());
        let detail = "money went back at Stripe that counts towards the membership which was bought since: that one is worth less now";
        payment_findings::report(tx, found, Some(locked.id), detail).await?;
    }
    Ok(())
}

/// Writes down what goes back by itself: for what could not be given, and for a seat of which Stripe has refused to give so much back.
async fn owe(tx: &mut Tx, id: PaymentId, state: &PaymentState) -> Result<(), DataError> {
    let left = state.refundable();
    match (state.delivery, state.kind) {
        _ if left.is_zero() => Ok(()),
        (Delivery::Refused, _) => refunds::owe(tx, id, left, "What was paid for could not be given.").await,
        (Delivery::Given, PaymentType::EventRegistration) => refunds::owe_rest_of_seat(tx, id, left).await,
        _ => Ok(()),
    }
}

/// The mails, and the number of the receipt: last, since nobody else gets one until the transaction ends.
async fn finish(
    tx: &mut Tx,
    (locked, observed, state): (&LockedPayment, &Observed, &PaymentState),
    failure_code: Option<&str>,
    now: OffsetDateTime,
) -> Result<(), DataError> {
    let id = locked.id;
    if state.status == PaymentStatus::Failed && failure_code.is_some() {
        let is_first = locked.state.status != PaymentStatus::Failed;
        if is_first {
            mails::failed(tx, id, now).await?;
        }
    }
    if !observed.is_newly_taken {
        return Ok(());
    }
    let numbered = sqlx::query!(
        "UPDATE payments SET receipt_number = app.next_receipt_number($2) WHERE id = $1 AND receipt_number IS NULL",
        id.as_uuid(),
        now,
    );
    numbered.execute(&mut *tx).await?;
    match state.delivery {
        Delivery::Refused => mails::not_given(tx, id).await,
        _ => mails::receipt(tx, id).await,
    }
}

/// What is new, or why it cannot be about this payment.
fn observe(locked: &LockedPayment, seen: &Seen) -> Result<Observed, String> {
    if let Some(intent) = locked.intent.as_ref().filter(|intent| **intent != seen.intent) {
        return Err(format!(
            "it is paid by {intent}, and {} names it too",
            seen.intent
        ));
    }
    locked
        .state
        .observe(&seen.sighting)
        .map_err(|contradiction| contradiction.to_string())
}
