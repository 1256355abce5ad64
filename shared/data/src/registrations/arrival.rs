//! Who is at the door: what is known of the seat, and of the account.

use portal_domain::event::{Price, PriceKind, RegistrationStatus};
use portal_domain::ids::{EventId, RegistrationId, UserId};
use portal_domain::money::Cents;
use time::OffsetDateTime;

use super::check_in::Arrival;
use super::seats::refused;
use crate::events::{amount, word};
use crate::{DataError, Tx};

/// Somebody at the door.
pub(super) struct Arrived {
    pub(super) member: UserId,
    pub(super) seat: Option<ArrivedSeat>,
    /// When the member was let in already.
    pub(super) checked_in_at: Option<OffsetDateTime>,
}

/// The registration of somebody at the door.
pub(super) struct ArrivedSeat {
    pub(super) id: RegistrationId,
    pub(super) status: RegistrationStatus,
    pub(super) version: i32,
    pub(super) kind: PriceKind,
    pub(super) amount: Cents,
    pub(super) currency: String,
    pub(super) is_paid: bool,
    /// Whether it has one of the event's seats, taken or offered.
    pub(super) is_taken: bool,
}

impl ArrivedSeat {
    /// At which price the member has asked for it.
    pub(super) const fn price(&self) -> Price {
        Price {
            kind: self.kind,
            amount: self.amount,
        }
    }

    /// Nothing is owed for it.
    pub(super) fn require_paid(&self) -> Result<(), DataError> {
        if self.is_paid || self.amount.is_zero() {
            return Ok(());
        }
        let cents = self.amount.get();
        Err(refused(format!(
            "This seat is not paid yet: {}.{:02} {} is owed.",
            cents / 100,
            cents % 100,
            self.currency
        )))
    }
}

/// Who has arrived, whose registration nobody else changes since the event is held.
pub(super) async fn find(tx: &mut Tx, event: EventId, arrival: Arrival) -> Result<Arrived, DataError> {
    let (id, member) = match arrival {
        Arrival::Registration(id) | Arrival::Ticket(id, _) => (Some(id.as_uuid()), None),
        Arrival::Member(member) => (None, Some(member)),
    };
    let row = sqlx::query!(
        r#"SELECT id, user_id, status, seat_version, price_kind, amount_cents, currency, paid_at, checked_in_at,
            app.holds_seat(status, offer_expires_at) AS "is_taken!"
        FROM event_registrations
        WHERE event_id = $1 AND (id = $2 OR user_id = $3)"#,
        event.as_uuid(),
        id,
        member.map(UserId::as_uuid),
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(Arrived {
            member: member.ok_or(DataError::NotFound)?,
            seat: None,
            checked_in_at: None,
        });
    };
    Ok(Arrived {
        member: row.user_id.into(),
        checked_in_at: row.checked_in_at,
        seat: Some(ArrivedSeat {
            id: row.id.into(),
            status: word(&row.status)?,
            version: row.seat_version,
            kind: word(&row.price_kind)?,
            amount: amount(row.amount_cents)?,
            currency: row.currency,
            is_paid: row.paid_at.is_some(),
            is_taken: row.is_taken,
        }),
    })
}

/// The account is a member's in good standing; whether a membership is in force for it.
pub(super) async fn require_account(
    tx: &mut Tx,
    event: EventId,
    member: UserId,
    now: OffsetDateTime,
) -> Result<bool, DataError> {
    let account = sqlx::query!(
        r#"SELECT standing AS "standing!", in_force AS "in_force!" FROM app.member_at_door($1, $2, $3)"#,
        event.as_uuid(),
        member.as_uuid(),
        now,
    );
    let account = account
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(DataError::NotFound)?;
    let reason = match account.standing.as_str() {
        "ACTIVE" => return Ok(account.in_force),
        "SUSPENDED" => "The account of this member is suspended: ask the office.",
        "DELETED" => "The account of this member was deleted.",
        _ => "The account of this member is not approved yet: ask the office.",
    };
    Err(refused(reason.to_owned()))
}
