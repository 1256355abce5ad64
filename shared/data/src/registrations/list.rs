//! Registrations by lists and by their ids.

use portal_domain::event::Registration;
use portal_domain::ids::{EventId, RegistrationId, UserId};
use time::OffsetDateTime;
use uuid::Uuid;

use super::row::Row;
use super::{RegistrationFilters, RegistrationPosition};
use crate::columns::states;
use crate::projects::instant;
use crate::{DataError, Tx};

/// A page of registrations, the latest first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    filters: &RegistrationFilters,
    after: Option<RegistrationPosition>,
    limit: i64,
) -> Result<Vec<Registration>, DataError> {
    let statuses = states(&filters.statuses);
    let rows = sqlx::query_file_as!(
        Row,
        "src/registrations/list.sql",
        None::<Uuid>,
        filters.event.map(EventId::as_uuid),
        filters.member.map(UserId::as_uuid),
        statuses.as_deref(),
        after.map(|after| instant(after.registered_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many registrations a list has.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(tx: &mut Tx, filters: &RegistrationFilters) -> Result<i64, DataError> {
    let statuses = states(&filters.statuses);
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM event_registrations
        WHERE ($1::uuid IS NULL OR event_id = $1)
            AND ($2::uuid IS NULL OR user_id = $2)
            AND ($3::text[] IS NULL OR status = ANY ($3))"#,
        filters.event.map(EventId::as_uuid),
        filters.member.map(UserId::as_uuid),
        statuses.as_deref(),
    );
    Ok(count.fetch_one(&mut *tx).await?)
}

/// The registration with an id, if the caller may see it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(tx: &mut Tx, id: RegistrationId) -> Result<Option<Registration>, DataError> {
    let row = sqlx::query_file_as!(
        Row,
        "src/registrations/list.sql",
        Some(id.as_uuid()),
        None::<Uuid>,
        None::<Uuid>,
        None::<&[String]>,
        None::<OffsetDateTime>,
        None::<Uuid>,
        1,
    );
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// The registration of a member for an event, if there is one that the caller may see.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup_own(
    tx: &mut Tx,
    event: EventId,
    member: UserId,
) -> Result<Option<Registration>, DataError> {
    let own = RegistrationFilters {
        event: Some(event),
        member: Some(member),
        statuses: Vec::new(),
    };
    Ok(list(tx, &own, None, 1).await?.pop())
}
