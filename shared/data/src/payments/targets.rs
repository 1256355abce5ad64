//! What a member wants to pay for, and what it costs: said by the rows that it is about, never by who asks.

use portal_domain::ids::{EnrollmentId, RegistrationId, TierId, UserId};
use portal_domain::membership::{MembershipTerms, Offer};
use portal_domain::money::{Cents, Currency};
use portal_domain::payment::PaymentType;
use time::OffsetDateTime;

use super::TABLE;
use super::ask::{Gift, NewPayment, Wanted};

use crate::memberships::{self, Offered};
use crate::{DataError, Tx};

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum TargetFor {
    /// A membership of a tier.
    Membership(TierId),
    /// A seat that is held.
    Registration(RegistrationId),
    /// An enrolment that is held.
    Enrollment(EnrollmentId),
    /// A gift of so much.
    Gift(Gift, Cents),
}

/// What a member would pay now for something; what it is about is held until the transaction ends, so that one payment for it is asked for.
///
/// # Errors
/// [`DataError::NotFound`] where the caller has no such thing, [`DataError::Refused`] where there is nothing to pay for it now, and those of
/// the queries.
pub async fn target(
    tx: &mut Tx,
    member: UserId,
    wanted: &TargetFor,
    (terms, now): (&MembershipTerms, OffsetDateTime),
) -> Result<NewPayment, DataError> {
    match wanted {
        TargetFor::Membership(tier) => {
            memberships::hold(tx, member).await?;
            let offered = memberships::offer(tx, member, *tier, (terms, now)).await?;
            membership(&offered.ok_or(DataError::NotFound)?)
        }
        TargetFor::Registration(id) => registration(tx, member, *id, now).await,
        TargetFor::Enrollment(id) => enrollment(tx, member, *id, now).await,
        TargetFor::Gift(gift, amount) => {
            let (kind, description) = match (gift.is_sponsorship, &gift.event) {
                (true, Some(event)) => (PaymentType::Sponsorship, sponsorship(tx, event.as_uuid()).await?),
                (true, None) => (PaymentType::Sponsorship, "Sponsorship of NAMC NorCal".to_owned()),
                (false, _) => (PaymentType::Donation, "Donation to NAMC NorCal".to_owned()),
            };
            Ok(NewPayment {
                kind,
                amount: *amount,
                currency: Currency::USD,
                description,
                wanted: Wanted::Gift(gift.clone()),
            })
        }
    }
}

fn membership(offered: &Offered) -> Result<NewPayment, DataError> {
    let Offer { kind, .. } = offered.offer;
    let due = offered.offer.due();
    if due.is_zero() {
        return Err(refused("This membership costs nothing: ask the office for it."));
    }
    Ok(NewPayment {
        kind: PaymentType::Membership,
        amount: due,
        currency: offered.currency,
        description: format!("{} membership ({})", offered.name, kind.as_str().to_lowercase()),
        wanted: Wanted::Membership {
            tier: offered.tier,
            offer: offered.offer,
        },
    })
}

async fn sponsorship(tx: &mut Tx, event: uuid::Uuid) -> Result<String, DataError> {
    let title = sqlx::query_scalar!(
        r#"SELECT title AS "title!" FROM event_listings WHERE id = $1"#,
        event
    );
    Ok(format!("Sponsorship: {}", title.fetch_one(&mut *tx).await?))
}

async fn registration(
    tx: &mut Tx,
    member: UserId,
    id: RegistrationId,
    now: OffsetDateTime,
) -> Result<NewPayment, DataError> {
    let held = sqlx::query_scalar!(r#"SELECT app.hold_registration($1) AS "held!""#, id.as_uuid());
    if !held.fetch_one(&mut *tx).await? {
        return Err(DataError::NotFound);
    }
    // A statement of its own, which sees what the one that was waited for has written.
    let row = sqlx::query!(
        r#"SELECT r.status, r.amount_cents, r.currency, r.paid_at, r.hold_expires_at, e.title AS "title!"
        FROM event_registrations AS r
        JOIN event_summaries AS e ON e.id = r.event_id
        WHERE r.id = $1 AND r.user_id = $2"#,
        id.as_uuid(),
        member.as_uuid(),
    );
    let row = row.fetch_one(&mut *tx).await?;
    let price = payable(
        (row.status == "REGISTERED", &row.status),
        (row.amount_cents, row.paid_at),
        row.hold_expires_at.is_some_and(|until| until > now),
        "registration",
    )?;
    Ok(NewPayment {
        kind: PaymentType::EventRegistration,
        amount: price,
        currency: TABLE.word(&row.currency)?,
        description: format!("Event: {}", row.title),
        wanted: Wanted::Registration(id),
    })
}

async fn enrollment(
    tx: &mut Tx,
    member: UserId,
    id: EnrollmentId,
    now: OffsetDateTime,
) -> Result<NewPayment, DataError> {
    let row = sqlx::query!(
        r#"SELECT e.status, e.amount_cents, e.currency, e.paid_at, e.hold_expires_at, c.title AS "title!"
        FROM course_enrollments AS e
        JOIN course_listings AS c ON c.id = e.course_id
        WHERE e.id = $1 AND e.user_id = $2
        FOR UPDATE OF e"#,
        id.as_uuid(),
        member.as_uuid(),
    );
    let row = row.fetch_one(&mut *tx).await?;
    let price = payable(
        (row.status == "ENROLLED", &row.status),
        (row.amount_cents, row.paid_at),
        row.hold_expires_at.is_some_and(|until| until > now),
        "enrolment",
    )?;
    Ok(NewPayment {
        kind: PaymentType::Training,
        amount: price,
        currency: TABLE.word(&row.currency)?,
        description: format!("Course: {}", row.title),
        wanted: Wanted::Enrollment(id),
    })
}

/// The price of what is held for its payment.
fn payable(
    (is_held, status): (bool, &str),
    (cents, paid_at): (i64, Option<OffsetDateTime>),
    is_in_time: bool,
    what: &str,
) -> Result<Cents, DataError> {
    if !is_held {
        return Err(refused(&format!(
            "There is nothing to pay for this {what}: it is {status}."
        )));
    }
    if paid_at.is_some() {
        return Err(refused(&format!("This {what} is paid already.")));
    }
    if cents == 0 {
        return Err(refused(&format!("This {what} is free of charge.")));
    }
    if !is_in_time {
        return Err(refused(&format!(
            "This {what} was held for its payment and is no longer: ask for it again."
        )));
    }
    TABLE.amount(cents)
}

fn refused(reason: &str) -> DataError {
    DataError::Refused {
        reason: reason.to_owned(),
    }
}
