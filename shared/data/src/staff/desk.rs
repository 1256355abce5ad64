//! Tickets as staff work on them. Replies are `crate::feedback`'s, which is for both sides.

use portal_domain::feedback::{Feedback, FeedbackCategory, FeedbackPriority, FeedbackStatus};
use portal_domain::ids::{FeedbackId, UserId};
use portal_domain::listing::Moment;
use portal_domain::staff::StaffFeedback;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::columns;
use crate::columns::Table;
use crate::estimate::Counting;
use crate::feedback::FeedbackPosition;
use crate::single_row::one;
use crate::{DataError, Tx};

const TABLE: Table = Table("member_feedback");

/// Which tickets a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskFilters {
    /// Where they stand; anywhere when empty.
    pub statuses: Vec<FeedbackStatus>,
    /// How pressing they are.
    pub priorities: Vec<FeedbackPriority>,
    /// What they are about.
    pub categories: Vec<FeedbackCategory>,
    /// Who works on them.
    pub assignee: Option<UserId>,
}

struct Row {
    id: Uuid,
    user_id: Uuid,
    category: String,
    priority: String,
    subject: String,
    content: String,
    status: String,
    reply_count: i64,
    assigned_to: Option<Uuid>,
    member_name: Option<String>,
    member_email: Option<String>,
    resolved_at: Option<OffsetDateTime>,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
    version: i32,
}

impl TryFrom<Row> for StaffFeedback {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            feedback: Feedback {
                id: row.id.into(),
                user_id: row.user_id.into(),
                category: TABLE.word(&row.category)?,
                priority: TABLE.word(&row.priority)?,
                subject: row.subject,
                content: row.content,
                status: TABLE.word(&row.status)?,
                reply_count: row.reply_count,
                resolved_at: row.resolved_at.map(Moment),
                created_at: Moment(row.created_at),
                updated_at: Moment(row.updated_at),
                version: row.version,
            },
            assignee_id: row.assigned_to.map(UserId::from),
            member_name: row.member_name,
            member_email: row.member_email,
        })
    }
}

/// The words of a filter, or NULL where there are none.
type Words = Option<Vec<String>>;

fn words_of(filters: &DeskFilters) -> (Words, Words, Words) {
    (
        columns::states(&filters.statuses),
        columns::states(&filters.priorities),
        columns::states(&filters.categories),
    )
}

/// A page of tickets, the latest first.
///
/// # Errors
/// [`DataError`] of the query, and [`DataError::Corrupt`] for a row that cannot be.
pub async fn list(
    tx: &mut Tx,
    filters: &DeskFilters,
    after: Option<FeedbackPosition>,
    limit: i64,
) -> Result<Vec<StaffFeedback>, DataError> {
    let (at, id) = after.map(FeedbackPosition::parts).unzip();
    let (statuses, priorities, categories) = words_of(filters);
    let rows = sqlx::query_file_as!(
        Row,
        "src/staff/desk.sql",
        None::<Uuid>,
        statuses.as_deref(),
        priorities.as_deref(),
        categories.as_deref(),
        filters.assignee.map(UserId::as_uuid),
        at,
        id,
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many tickets a list has, nothing unless it is asked for; an estimate counts as far as a thousand.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(
    tx: &mut Tx,
    filters: &DeskFilters,
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let (statuses, priorities, categories) = words_of(filters);
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
            SELECT FROM member_feedback
            WHERE ($1::text[] IS NULL OR status = ANY ($1))
                AND ($2::text[] IS NULL OR priority = ANY ($2))
                AND ($3::text[] IS NULL OR category = ANY ($3))
                AND ($4::uuid IS NULL OR assigned_to = $4)
            LIMIT $5
        ) AS counted"#,
        statuses.as_deref(),
        priorities.as_deref(),
        categories.as_deref(),
        filters.assignee.map(UserId::as_uuid),
        counting.limit(),
    );
    Ok(Some(count.fetch_one(&mut *tx).await?))
}

/// The ticket with an id.
///
/// # Errors
/// As [`list`].
pub async fn lookup(tx: &mut Tx, id: FeedbackId) -> Result<Option<StaffFeedback>, DataError> {
    let row = sqlx::query_file_as!(
        Row,
        "src/staff/desk.sql",
        Some(id.as_uuid()),
        None::<&[String]>,
        None::<&[String]>,
        None::<&[String]>,
        None::<Uuid>,
        None::<OffsetDateTime>,
        None::<Uuid>,
        1,
    );
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// The same, held until the transaction ends.
///
/// # Errors
/// As [`list`].
pub async fn lock(tx: &mut Tx, id: FeedbackId) -> Result<Option<StaffFeedback>, DataError> {
    sqlx::query!(
        "SELECT id FROM member_feedback WHERE id = $1 FOR UPDATE",
        id.as_uuid()
    )
    .fetch_optional(&mut *tx)
    .await?;
    lookup(tx, id).await
}

/// Brings a locked ticket to a state, a priority and who works on it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn change(
    tx: &mut Tx,
    id: FeedbackId,
    status: FeedbackStatus,
    priority: FeedbackPriority,
    assignee: Option<UserId>,
) -> Result<(), DataError> {
    let changed = sqlx::query!(
        "UPDATE member_feedback SET status = $2, priority = $3, assigned_to = $4 WHERE id = $1",
        id.as_uuid(),
        status.as_str(),
        priority.as_str(),
        assignee.map(UserId::as_uuid),
    );
    one(changed.execute(&mut *tx).await?.rows_affected())
}
