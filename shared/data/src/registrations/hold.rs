//! Taking hold of an event's seats.

use portal_domain::event::{EventStatus, Prices, RegistrationStatus, SeatTerms};
use portal_domain::ids::{EventId, RegistrationId, UserId};
use portal_domain::listing::Moment;
use time::OffsetDateTime;

use crate::events::{amount, word};
use crate::{DataError, Tx};

/// An event whose seats this transaction alone can change.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldEvent {
    /// Its id.
    pub id: EventId,
    /// Where it stands at this moment.
    pub status: EventStatus,
    /// From when on registrations are taken, where that is said.
    pub registration_opens_at: Option<OffsetDateTime>,
    /// When it begins.
    pub starts_at: OffsetDateTime,
    /// When it ends.
    pub ends_at: OffsetDateTime,
    /// What a seat costs.
    pub prices: Prices,
    /// The currency of the prices.
    pub currency: String,
    /// Whether members can wait for a seat.
    pub waitlist_enabled: bool,
    /// How many seats are free, now that the first who wait have been offered theirs; `None` where seats are not counted.
    pub free: Option<i32>,
}

impl HeldEvent {
    /// Whether a seat is free.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.free.is_none_or(|free| free > 0)
    }
}

/// A registration that this transaction alone can change, since it has taken hold of the event's seats.
#[derive(Clone, Debug, PartialEq)]
pub struct LockedRegistration {
    /// Its id.
    pub id: RegistrationId,
    /// Where it stands.
    pub status: RegistrationStatus,
    /// What the seat costs, in cents.
    pub amount_cents: i64,
    /// Until when the seat is held for its payment.
    pub hold_expires_at: Option<OffsetDateTime>,
    /// Until when a seat is offered.
    pub offer_expires_at: Option<OffsetDateTime>,
    /// How often a seat was held for its payment and was not paid.
    pub unpaid_holds: i32,
    /// When it was given back or ran out.
    pub cancelled_at: Option<OffsetDateTime>,
    /// The row's version.
    pub version: i32,
}

/// Takes hold of the seats of an event that the caller may see, and settles what the clock has done to them; nothing where there is no
/// such event.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn hold(
    tx: &mut Tx,
    id: EventId,
    terms: &SeatTerms,
    now: OffsetDateTime,
) -> Result<Option<HeldEvent>, DataError> {
    let held = sqlx::query_scalar!(r#"SELECT app.hold_event($1) AS "held!""#, id.as_uuid());
    if !held.fetch_one(&mut *tx).await? {
        return Ok(None);
    }
    // A statement of its own, which sees what the one that was waited for has written.
    let event = sqlx::query!(
        r#"SELECT status AS "status!", registration_opens_at, starts_at AS "starts_at!", ends_at AS "ends_at!", price_cents AS "price_cents!",
            member_price_cents, early_bird_price_cents, early_bird_deadline, currency AS "currency!",
            waitlist_enabled AS "waitlist_enabled!"
        FROM event_listings
        WHERE id = $1"#,
        id.as_uuid(),
    );
    let Some(event) = event.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    let early = event.early_bird_price_cents.map(amount).transpose()?;
    let offer_until = terms.offer_until(now, event.starts_at);
    Ok(Some(HeldEvent {
        id,
        status: word(&event.status)?,
        registration_opens_at: event.registration_opens_at,
        starts_at: event.starts_at,
        ends_at: event.ends_at,
        prices: Prices {
            standard: amount(event.price_cents)?,
            member: event.member_price_cents.map(amount).transpose()?,
            early_bird: early.zip(event.early_bird_deadline.map(Moment)),
        },
        currency: event.currency,
        waitlist_enabled: event.waitlist_enabled,
        free: settle_seats(tx, id, offer_until).await?,
    }))
}

/// Takes back what has run out, and offers what is free to the first who wait; gives the seats that are free then.
pub(super) async fn settle_seats(
    tx: &mut Tx,
    id: EventId,
    offer_until: OffsetDateTime,
) -> Result<Option<i32>, DataError> {
    let free = sqlx::query_scalar!(
        r#"SELECT app.settle_seats($1, $2) AS "free""#,
        id.as_uuid(),
        offer_until
    );
    Ok(free.fetch_one(&mut *tx).await?)
}

/// A member's registration for an event whose seats are held: whatever changes it waits for the event's row. It is shown where it stands,
/// whatever that is, to its member and to who runs the event.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lock_own(
    tx: &mut Tx,
    event: EventId,
    member: UserId,
) -> Result<Option<LockedRegistration>, DataError> {
    let row = sqlx::query!(
        "SELECT id, status, amount_cents, hold_expires_at, offer_expires_at, unpaid_holds, cancelled_at, version
        FROM event_registrations
        WHERE event_id = $1 AND user_id = $2",
        event.as_uuid(),
        member.as_uuid(),
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    Ok(Some(LockedRegistration {
        id: row.id.into(),
        status: word(&row.status)?,
        amount_cents: row.amount_cents,
        hold_expires_at: row.hold_expires_at,
        offer_expires_at: row.offer_expires_at,
        unpaid_holds: row.unpaid_holds,
        cancelled_at: row.cancelled_at,
        version: row.version,
    }))
}
