//! A payment's row under its lock.

use portal_domain::ids::{EnrollmentId, MembershipId, PaymentId, RegistrationId, TierId, UserId};
use portal_domain::money::Cents;
use portal_domain::payment::{PaymentState, RefundTotals};
use time::OffsetDateTime;
use uuid::Uuid;

use super::TABLE;
use crate::{DataError, Tx};

/// A payment that this transaction alone can change.
#[derive(Clone, Debug, PartialEq)]
pub struct LockedPayment {
    /// Its id.
    pub id: PaymentId,
    /// Who pays.
    pub member: Option<UserId>,
    /// All that the next sighting needs to know.
    pub state: PaymentState,
    /// The PaymentIntent at Stripe, once there is one.
    pub intent: Option<String>,
    /// Why the last try was refused.
    pub failure_code: Option<String>,
    /// What is paid for, in words.
    pub description: String,
    pub(super) tier: Option<TierId>,
    pub(super) months: Option<u16>,
    pub(super) credit: Cents,
    pub(super) replaces: Option<MembershipId>,
    pub(super) registration: Option<RegistrationId>,
    pub(super) enrollment: Option<EnrollmentId>,
    pub(super) seat_version: Option<i32>,
}

/// Takes hold of a payment. Not for update of its key: who writes down a refund of it goes on meanwhile.
pub(super) async fn lock(tx: &mut Tx, id: PaymentId) -> Result<LockedPayment, DataError> {
    let row = sqlx::query!(
        "SELECT user_id, type, status, amount_cents, refunded_amount_cents, returned_amount_cents, currency, description, fee_cents,
            delivery, seen_at, stripe_payment_intent_id, failure_code, tier_id, months, credit_cents, replaces_membership_id,
            registration_id, enrollment_id, seat_version
        FROM payments
        WHERE id = $1
        FOR NO KEY UPDATE",
        id.as_uuid()
    );
    let row = row.fetch_one(&mut *tx).await?;
    let state = StateRow {
        kind: row.r#type,
        status: row.status,
        amount_cents: row.amount_cents,
        refunded_amount_cents: row.refunded_amount_cents,
        returned_amount_cents: row.returned_amount_cents,
        currency: row.currency,
        fee_cents: row.fee_cents,
        delivery: row.delivery,
        seen_at: row.seen_at,
    };
    Ok(LockedPayment {
        id,
        member: row.user_id.map(UserId::from),
        state: state.try_into()?,
        intent: row.stripe_payment_intent_id,
        failure_code: row.failure_code,
        description: row.description,
        tier: row.tier_id.map(TierId::from),
        months: row.months.and_then(|months| u16::try_from(months).ok()),
        credit: TABLE.amount(row.credit_cents)?,
        replaces: row.replaces_membership_id.map(MembershipId::from),
        registration: row.registration_id.map(RegistrationId::from),
        enrollment: row.enrollment_id.map(EnrollmentId::from),
        seat_version: row.seat_version,
    })
}

/// The columns of a payment's state.
pub(super) struct StateRow {
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) amount_cents: i64,
    pub(super) refunded_amount_cents: i64,
    pub(super) returned_amount_cents: i64,
    pub(super) currency: String,
    pub(super) fee_cents: Option<i64>,
    pub(super) delivery: String,
    pub(super) seen_at: Option<OffsetDateTime>,
}

impl TryFrom<StateRow> for PaymentState {
    type Error = DataError;

    fn try_from(row: StateRow) -> Result<Self, DataError> {
        let (net, returned) = (
            TABLE.amount(row.refunded_amount_cents)?,
            TABLE.amount(row.returned_amount_cents)?,
        );
        Ok(Self {
            kind: TABLE.word(&row.kind)?,
            amount: TABLE.amount(row.amount_cents)?,
            currency: TABLE.word(&row.currency)?,
            status: TABLE.word(&row.status)?,
            seen_at: row.seen_at,
            refunds: RefundTotals {
                made: net.plus(returned),
                returned,
            },
            fee: row.fee_cents.map(|cents| TABLE.amount(cents)).transpose()?,
            delivery: TABLE.word(&row.delivery)?,
        })
    }
}

/// Stores what has become of a payment.
pub(super) struct Stored<'a> {
    pub(super) state: &'a PaymentState,
    pub(super) intent: &'a str,
    pub(super) charge: Option<&'a str>,
    pub(super) customer: Option<&'a str>,
    pub(super) failure_code: Option<&'a str>,
    pub(super) refusal: Option<&'a str>,
    pub(super) seat_version: Option<i32>,
}

pub(super) async fn store(
    tx: &mut Tx,
    id: PaymentId,
    stored: &Stored<'_>,
    now: OffsetDateTime,
) -> Result<(), DataError> {
    let state = stored.state;
    let done = sqlx::query!(
        "UPDATE payments
        SET status = $2, seen_at = $3, refunded_amount_cents = $4, returned_amount_cents = $5, fee_cents = $6, delivery = $7,
            stripe_payment_intent_id = $8, stripe_charge_id = COALESCE($9, stripe_charge_id),
            stripe_customer_id = COALESCE($10, stripe_customer_id), failure_code = $11, refusal = COALESCE($12, refusal),
            seat_version = COALESCE($13, seat_version),
            completed_at = CASE WHEN $2 IN ('COMPLETED', 'REFUNDED') THEN COALESCE(completed_at, $14) END,
            granted_at = CASE WHEN $7 = 'GIVEN' AND delivery <> 'GIVEN' THEN $14 ELSE granted_at END
        WHERE id = $1",
        id.as_uuid(),
        state.status.as_str(),
        state.seen_at,
        state.refunds.net().get(),
        state.refunds.returned.get(),
        state.fee.map(Cents::get),
        state.delivery.as_str(),
        stored.intent,
        stored.charge,
        stored.customer,
        stored.failure_code,
        stored.refusal,
        stored.seat_version,
        now,
    );
    crate::single_row::one(done.execute(&mut *tx).await?.rows_affected())
}

/// The id of a new row.
pub(super) fn fresh<T: From<Uuid>>() -> T {
    Uuid::now_v7().into()
}
