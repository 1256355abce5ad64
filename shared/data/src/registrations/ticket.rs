//! The seat that a ticket is for.

use portal_domain::event::RegistrationStatus;
use portal_domain::ids::{EventId, RegistrationId, UserId};
use time::OffsetDateTime;

use crate::events::word;
use crate::{DataError, Tx};

/// The seat that a ticket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The event.
    pub event: EventId,
    /// The member.
    pub member: UserId,
    /// Grows whenever the member gets a seat anew.
    pub version: i32,
    /// Where the registration stands.
    pub status: RegistrationStatus,
    /// Whether the seat waits for its payment.
    pub is_held: bool,
    /// When the event begins.
    pub starts_at: OffsetDateTime,
    /// When it ends.
    pub ends_at: OffsetDateTime,
}

/// The seat of a registration that the caller may see.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn find_seat(tx: &mut Tx, id: RegistrationId) -> Result<Option<Seat>, DataError> {
    let row = sqlx::query!(
        r#"SELECT r.event_id, r.user_id, r.seat_version, r.status, r.hold_expires_at IS NOT NULL AS "is_held!",
            e.starts_at AS "starts_at!", e.ends_at AS "ends_at!"
        FROM event_registrations AS r
        JOIN event_summaries AS e ON e.id = r.event_id
        WHERE r.id = $1"#,
        id.as_uuid(),
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    Ok(Some(Seat {
        event: row.event_id.into(),
        member: row.user_id.into(),
        version: row.seat_version,
        status: word(&row.status)?,
        is_held: row.is_held,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
    }))
}
