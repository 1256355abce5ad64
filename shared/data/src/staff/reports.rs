//! Messages that were shown to staff.

use portal_domain::ids::{ReportId, UserId};
use portal_domain::listing::Moment;
use portal_domain::staff::{ReportDetails, ReportListing, ReportState};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::columns;
use crate::columns::Table;
use crate::estimate::Counting;
use crate::single_row::one;
use crate::{DataError, Tx};

const TABLE: Table = Table("message_reports");

/// Where a list goes on: the time of a row in microseconds since 1970, and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPosition {
    created_micros: i64,
    id: ReportId,
}

impl ReportPosition {
    /// Where a list goes on after this report.
    #[must_use]
    pub fn after(report: &ReportListing) -> Self {
        Self {
            created_micros: crate::projects::micros(report.created_at),
            id: report.id,
        }
    }
}

struct Row {
    id: Uuid,
    message_id: Uuid,
    reported_by: Uuid,
    reason: String,
    excerpt: String,
    state: String,
    outcome: Option<String>,
    resolved_by: Option<Uuid>,
    resolved_at: Option<OffsetDateTime>,
    created_at: OffsetDateTime,
    version: i32,
}

impl TryFrom<&Row> for ReportListing {
    type Error = DataError;

    fn try_from(row: &Row) -> Result<Self, DataError> {
        Ok(Self {
            id: row.id.into(),
            message_id: row.message_id.into(),
            reported_by: row.reported_by.into(),
            reason: row.reason.clone(),
            status: TABLE.word(&row.state)?,
            outcome: row.outcome.clone(),
            resolved_by: row.resolved_by.map(UserId::from),
            resolved_at: row.resolved_at.map(Moment),
            created_at: Moment(row.created_at),
            version: row.version,
        })
    }
}

async fn select(
    tx: &mut Tx,
    id: Option<ReportId>,
    states: &[ReportState],
    after: Option<ReportPosition>,
    limit: i64,
) -> Result<Vec<Row>, DataError> {
    let states = columns::states(states);
    // The index message_reports_created, or that on the open ones.
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, message_id, reported_by, reason, excerpt, state, outcome, resolved_by, resolved_at, created_at, version
        FROM message_reports
        WHERE ($1::uuid IS NULL OR id = $1)
            AND ($2::text[] IS NULL OR app.is_one_of(state, $2))
            AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
        ORDER BY created_at DESC, id DESC
        LIMIT $5",
        id.map(ReportId::as_uuid),
        states.as_deref(),
        after.map(|after| crate::projects::instant(after.created_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    Ok(rows.fetch_all(&mut *tx).await?)
}

/// A page of reports, the latest first.
///
/// # Errors
/// [`DataError`] of the query, and [`DataError::Corrupt`] for a row that cannot be.
pub async fn list(
    tx: &mut Tx,
    states: &[ReportState],
    after: Option<ReportPosition>,
    limit: i64,
) -> Result<Vec<ReportListing>, DataError> {
    let rows = select(tx, None, states, after, limit).await?;
    rows.iter().map(TryInto::try_into).collect()
}

/// How many reports a list has, nothing unless it is asked for; an estimate counts as far as a thousand.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(
    tx: &mut Tx,
    states: &[ReportState],
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let states = columns::states(states);
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
            SELECT FROM message_reports WHERE ($1::text[] IS NULL OR app.is_one_of(state, $1)) LIMIT $2
        ) AS counted"#,
        states.as_deref(),
        counting.limit(),
    );
    Ok(Some(count.fetch_one(&mut *tx).await?))
}

/// A report with the message that it is about.
///
/// # Errors
/// As [`list`].
pub async fn lookup(tx: &mut Tx, id: ReportId) -> Result<Option<ReportDetails>, DataError> {
    let Some(row) = select(tx, Some(id), &[], None, 1).await?.pop() else {
        return Ok(None);
    };
    let message = sqlx::query!(
        r#"SELECT sender_id AS "sender_id!", receiver_id AS "receiver_id!", sent_at AS "sent_at!" FROM app.reported_message($1)"#,
        id.as_uuid(),
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(Some(ReportDetails {
        report: ReportListing::try_from(&row)?,
        excerpt: row.excerpt,
        sender_id: message.sender_id.into(),
        receiver_id: message.receiver_id.into(),
        sent_at: Moment(message.sent_at),
    }))
}

/// The same, held until the transaction ends.
///
/// # Errors
/// As [`list`].
pub async fn lock(tx: &mut Tx, id: ReportId) -> Result<Option<ReportDetails>, DataError> {
    sqlx::query!(
        "SELECT id FROM message_reports WHERE id = $1 FOR UPDATE",
        id.as_uuid()
    )
    .fetch_optional(&mut *tx)
    .await?;
    lookup(tx, id).await
}

/// Decides on a locked report, or opens it again.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn decide(
    tx: &mut Tx,
    id: ReportId,
    state: ReportState,
    outcome: Option<&str>,
    (actor, now): (UserId, OffsetDateTime),
) -> Result<(), DataError> {
    let decided = state != ReportState::Open;
    let changed = sqlx::query!(
        "UPDATE message_reports SET state = $2, outcome = $3, resolved_by = $4, resolved_at = $5 WHERE id = $1",
        id.as_uuid(),
        state.as_str(),
        outcome,
        decided.then(|| actor.as_uuid()),
        decided.then_some(now),
    );
    one(changed.execute(&mut *tx).await?.rows_affected())
}
