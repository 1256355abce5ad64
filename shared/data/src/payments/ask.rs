//! Asking for a payment: written down before Stripe hears of it, under an id that makes it happen once.

use portal_domain::ids::{EnrollmentId, EventId, PaymentId, RegistrationId, UserId};
use portal_domain::membership::{Offer, Tier};
use portal_domain::money::{Cents, Currency};
use portal_domain::payment::PaymentType;

use super::row::fresh;
use crate::single_row::one;
use crate::{DataError, Tx};

/// A payment that is to be asked for, at the price of this moment.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPayment {
    /// What is paid for.
    pub kind: PaymentType,
    /// How much.
    pub amount: Cents,
    /// In which currency.
    pub currency: Currency,
    /// What is paid for, in words.
    pub description: String,
    /// The thing itself.
    pub wanted: Wanted,
}

/// What is bought.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// A membership, as it was offered.
    Membership {
        /// The tier.
        tier: Tier,
        /// What it costs and means.
        offer: Offer,
    },
    /// A seat.
    Registration(RegistrationId),
    /// A course.
    Enrollment(EnrollmentId),
    /// A gift.
    Gift(Gift),
}

/// A donation or a sponsorship.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gift {
    /// Whether it is a sponsorship.
    pub is_sponsorship: bool,
    /// The event that is supported, if it is one alone.
    pub event: Option<EventId>,
    /// Whom to thank in public.
    pub credited_name: Option<String>,
    /// What is written to it.
    pub message: Option<String>,
}

/// Asks a member for a payment; where one for the same thing at the same price is open, it is that one. What it is about is held
/// ([`super::target`]).
///
/// # Errors
/// [`DataError::Refused`] where one for another price is open, and those of the queries.
pub async fn ask(tx: &mut Tx, member: UserId, new: &NewPayment) -> Result<PaymentId, DataError> {
    if let Some(open) = open(tx, member, new).await? {
        return Ok(open);
    }
    let id: PaymentId = fresh();
    let mut row = Row::default();
    match &new.wanted {
        Wanted::Membership { tier, offer } => {
            row.tier = Some(tier.id.as_uuid());
            row.purchase = Some(offer.kind.as_str());
            row.months = Some(i32::from(tier.months));
            row.credit = offer.credit.get();
            row.replaces = offer.replaces.map(portal_domain::ids::MembershipId::as_uuid);
        }
        Wanted::Registration(id) => row.registration = Some(id.as_uuid()),
        Wanted::Enrollment(id) => row.enrollment = Some(id.as_uuid()),
        Wanted::Gift(gift) => {
            row.event = gift.event.map(EventId::as_uuid);
            row.credited_name.clone_from(&gift.credited_name);
            row.message.clone_from(&gift.message);
        }
    }
    let added = sqlx::query!(
        "INSERT INTO payments (
            id, user_id, type, status, amount_cents, currency, description, tier_id, registration_id, enrollment_id, purchase_kind, months,
            credit_cents, replaces_membership_id, event_id, credited_name, message)
        VALUES ($1, $2, $3, 'PENDING', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        id.as_uuid(),
        member.as_uuid(),
        new.kind.as_str(),
        new.amount.get(),
        new.currency.as_str(),
        new.description,
        row.tier,
        row.registration,
        row.enrollment,
        row.purchase,
        row.months,
        row.credit,
        row.replaces,
        row.event,
        row.credited_name,
        row.message,
    );
    one(added.execute(&mut *tx).await?.rows_affected())?;
    Ok(id)
}

#[derive(Default)]
struct Row {
    tier: Option<uuid::Uuid>,
    registration: Option<uuid::Uuid>,
    enrollment: Option<uuid::Uuid>,
    purchase: Option<&'static str>,
    months: Option<i32>,
    credit: i64,
    replaces: Option<uuid::Uuid>,
    event: Option<uuid::Uuid>,
    credited_name: Option<String>,
    message: Option<String>,
}

/// The open payment for the same thing; each gift is one of its own.
async fn open(tx: &mut Tx, member: UserId, new: &NewPayment) -> Result<Option<PaymentId>, DataError> {
    let (registration, enrollment) = match &new.wanted {
        Wanted::Gift(_) => return Ok(None),
        Wanted::Membership { .. } => (None, None),
        Wanted::Registration(id) => (Some(id.as_uuid()), None),
        Wanted::Enrollment(id) => (None, Some(id.as_uuid())),
    };
    let row = sqlx::query!(
        "SELECT id, amount_cents, tier_id, purchase_kind, credit_cents
        FROM payments
        WHERE user_id = $1 AND type = $2 AND status IN ('PENDING', 'PROCESSING', 'FAILED')
            AND registration_id IS NOT DISTINCT FROM $3 AND enrollment_id IS NOT DISTINCT FROM $4
        ORDER BY created_at DESC
        LIMIT 1",
        member.as_uuid(),
        new.kind.as_str(),
        registration,
        enrollment,
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    let is_same_purchase = match &new.wanted {
        Wanted::Membership { tier, offer } => {
            row.tier_id == Some(tier.id.as_uuid())
                && row.purchase_kind.as_deref() == Some(offer.kind.as_str())
                && row.credit_cents == offer.credit.get()
        }
        _ => true,
    };
    if row.amount_cents == new.amount.get() && is_same_purchase {
        return Ok(Some(row.id.into()));
    }
    Err(DataError::Refused {
        reason: format!(
            "Another payment of yours for this is open: pay it, or cancel it by POST /v1/payments/{}/cancel.",
            row.id
        ),
    })
}
