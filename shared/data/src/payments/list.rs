//! Payments by lists and by their ids.

use portal_domain::ids::{EnrollmentId, EventId, PaymentId, RegistrationId, TierId, UserId};
use portal_domain::listing::{Moment, PaymentListing};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{PaymentFilters, PaymentPosition, TABLE};
use crate::projects::instant;
use crate::{DataError, Tx};

struct Row {
    id: Uuid,
    user_id: Option<Uuid>,
    kind: String,
    status: String,
    amount_cents: i64,
    refunded_amount_cents: i64,
    currency: String,
    description: String,
    tier_id: Option<Uuid>,
    purchase_kind: Option<String>,
    registration_id: Option<Uuid>,
    enrollment_id: Option<Uuid>,
    event_id: Option<Uuid>,
    credited_name: Option<String>,
    delivery: String,
    refusal: Option<String>,
    failure_code: Option<String>,
    receipt_number: Option<String>,
    created_at: OffsetDateTime,
    completed_at: Option<OffsetDateTime>,
    version: i32,
}

impl TryFrom<Row> for PaymentListing {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            id: row.id.into(),
            user_id: row.user_id.map(UserId::from),
            kind: TABLE.word(&row.kind)?,
            status: TABLE.word(&row.status)?,
            amount_cents: TABLE.amount(row.amount_cents)?,
            refunded_amount_cents: TABLE.amount(row.refunded_amount_cents)?,
            currency: row.currency,
            description: row.description,
            tier_id: row.tier_id.map(TierId::from),
            purchase: row
                .purchase_kind
                .as_deref()
                .map(|text| TABLE.word(text))
                .transpose()?,
            registration_id: row.registration_id.map(RegistrationId::from),
            enrollment_id: row.enrollment_id.map(EnrollmentId::from),
            event_id: row.event_id.map(EventId::from),
            credited_name: row.credited_name,
            delivery: TABLE.word(&row.delivery)?,
            refusal: row.refusal,
            failure_code: row.failure_code,
            receipt_number: row.receipt_number,
            created_at: Moment(row.created_at),
            completed_at: row.completed_at.map(Moment),
            version: row.version,
        })
    }
}

/// A page of payments that the caller may see, the latest first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    filters: &PaymentFilters,
    after: Option<PaymentPosition>,
    limit: i64,
) -> Result<Vec<PaymentListing>, DataError> {
    let (kinds, statuses) = words(filters);
    let rows = sqlx::query_file_as!(
        Row,
        "src/payments/list.sql",
        None::<Uuid>,
        filters.member.map(UserId::as_uuid),
        kinds.as_deref(),
        statuses.as_deref(),
        after.map(|after| instant(after.created_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many payments a list has.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(tx: &mut Tx, filters: &PaymentFilters) -> Result<i64, DataError> {
    let (kinds, statuses) = words(filters);
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM payments
        WHERE ($1::uuid IS NULL OR user_id = $1)
            AND ($2::text[] IS NULL OR type = ANY ($2))
            AND ($3::text[] IS NULL OR status = ANY ($3))"#,
        filters.member.map(UserId::as_uuid),
        kinds.as_deref(),
        statuses.as_deref(),
    );
    Ok(count.fetch_one(&mut *tx).await?)
}

/// The payment with an id, if the caller may see it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(tx: &mut Tx, id: PaymentId) -> Result<Option<PaymentListing>, DataError> {
    let row = sqlx::query_file_as!(
        Row,
        "src/payments/list.sql",
        Some(id.as_uuid()),
        None::<Uuid>,
        None::<&[String]>,
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

/// What a donor or sponsor has written to a payment that the caller may see.
///
/// # Errors
/// [`DataError::NotFound`] where the caller may not, and those of the query.
pub async fn message_of(tx: &mut Tx, id: PaymentId) -> Result<Option<String>, DataError> {
    let message = sqlx::query_scalar!("SELECT message FROM payments WHERE id = $1", id.as_uuid());
    Ok(message.fetch_one(&mut *tx).await?)
}

/// The name of who has paid, and of the firm, as the directory shows them to the caller.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn payer_of(tx: &mut Tx, id: PaymentId) -> Result<Option<(String, Option<String>)>, DataError> {
    let row = sqlx::query!(
        r#"SELECT concat_ws(' ', d.first_name, d.last_name) AS "name!", d.company
        FROM payments AS p
        JOIN member_directory AS d ON d.id = p.user_id
        WHERE p.id = $1"#,
        id.as_uuid()
    );
    let row = row.fetch_optional(&mut *tx).await?;
    Ok(row.map(|row| (row.name, row.company)))
}

/// The words of the filters; none where one filters nothing.
fn words(filters: &PaymentFilters) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let kinds: Vec<_> = filters.kinds.iter().map(ToString::to_string).collect();
    let statuses: Vec<_> = filters.statuses.iter().map(ToString::to_string).collect();
    (
        (!kinds.is_empty()).then_some(kinds),
        (!statuses.is_empty()).then_some(statuses),
    )
}
