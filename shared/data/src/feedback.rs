//! Tickets and their replies, for members and, under the role of the admin function, for staff: the same functions, and policies that
//! show a member the own tickets and no internal replies.

use portal_domain::feedback::{Feedback, FeedbackReply, FeedbackStatus, NewFeedback};
use portal_domain::ids::{FeedbackId, ReplyId, UserId};
use portal_domain::listing::Moment;
use portal_domain::mail::MailKind;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::columns::{Table, states};
use crate::estimate::Counting;
use crate::single_row::one;
use crate::{DataError, Tx};

/// Where the rows come from, for errors.
const TABLE: Table = Table("member_feedback");

/// Which tickets a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedbackFilters {
    /// Of this member; of all that the caller may see where it is absent.
    pub owner: Option<UserId>,
    /// Where they stand; anywhere when empty.
    pub statuses: Vec<FeedbackStatus>,
}

/// Where a list goes on: the time of a row in microseconds since 1970, and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackPosition {
    created_micros: i64,
    id: Uuid,
}

impl FeedbackPosition {
    fn of(created_at: Moment, id: Uuid) -> Self {
        Self {
            created_micros: crate::projects::micros(created_at),
            id,
        }
    }

    /// The time and the id, as statements take them.
    pub(crate) fn parts(self) -> (OffsetDateTime, Uuid) {
        (crate::projects::instant(self.created_micros), self.id)
    }

    /// Where a list of tickets goes on after this one.
    #[must_use]
    pub fn after(ticket: &Feedback) -> Self {
        Self::of(ticket.created_at, ticket.id.as_uuid())
    }

    /// Where a list of replies goes on after this one.
    #[must_use]
    pub fn after_reply(reply: &FeedbackReply) -> Self {
        Self::of(reply.created_at, reply.id.as_uuid())
    }
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
    resolved_at: Option<OffsetDateTime>,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
    version: i32,
}

impl TryFrom<Row> for Feedback {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
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
        })
    }
}

/// A page of tickets, the latest first.
///
/// # Errors
/// [`DataError`] of the query, and [`DataError::Corrupt`] for a row that cannot be.
pub async fn list(
    tx: &mut Tx,
    filters: &FeedbackFilters,
    after: Option<FeedbackPosition>,
    limit: i64,
) -> Result<Vec<Feedback>, DataError> {
    let statuses = states(&filters.statuses);
    let rows = sqlx::query_file_as!(
        Row,
        "src/feedback/list.sql",
        None::<Uuid>,
        filters.owner.map(UserId::as_uuid),
        statuses.as_deref(),
        after.map(|after| crate::projects::instant(after.created_micros)),
        after.map(|after| after.id),
        limit,
    );
    rows.fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// How many tickets a list has, nothing unless it is asked for; an estimate counts as far as a thousand.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(
    tx: &mut Tx,
    filters: &FeedbackFilters,
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let statuses = states(&filters.statuses);
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
            SELECT FROM member_feedback
            WHERE ($1::uuid IS NULL OR user_id = $1) AND ($2::text[] IS NULL OR status = ANY ($2))
            LIMIT $3
        ) AS counted"#,
        filters.owner.map(UserId::as_uuid),
        statuses.as_deref(),
        counting.limit(),
    );
    Ok(Some(count.fetch_one(&mut *tx).await?))
}

/// The ticket with an id, if the caller may see it.
///
/// # Errors
/// As [`list`].
pub async fn lookup(tx: &mut Tx, id: FeedbackId) -> Result<Option<Feedback>, DataError> {
    let row = sqlx::query_file_as!(
        Row,
        "src/feedback/list.sql",
        Some(id.as_uuid()),
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

/// The same, held until the transaction ends.
///
/// # Errors
/// As [`list`].
pub async fn lock(tx: &mut Tx, id: FeedbackId) -> Result<Option<Feedback>, DataError> {
    sqlx::query!(
        "SELECT id FROM member_feedback WHERE id = $1 FOR UPDATE",
        id.as_uuid()
    )
    .fetch_optional(&mut *tx)
    .await?;
    lookup(tx, id).await
}

/// Adds a ticket of a member.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn add(tx: &mut Tx, owner: UserId, new: &NewFeedback) -> Result<FeedbackId, DataError> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "INSERT INTO member_feedback (id, user_id, category, priority, subject, content) VALUES ($1, $2, $3, $4, $5, $6)",
        id,
        owner.as_uuid(),
        new.category.as_str(),
        new.priority.as_str(),
        &*new.subject,
        &*new.content,
    )
    .execute(&mut *tx)
    .await?;
    Ok(id.into())
}

/// Brings a locked ticket to a state.
///
/// # Errors
/// [`DataError::Denied`] for a state that is not the caller's to set, and those of the query.
pub async fn move_to(tx: &mut Tx, id: FeedbackId, status: FeedbackStatus) -> Result<(), DataError> {
    let moved = sqlx::query!(
        "UPDATE member_feedback SET status = $2 WHERE id = $1",
        id.as_uuid(),
        status.as_str(),
    );
    one(moved.execute(&mut *tx).await?.rows_affected())
}

/// Adds a reply to a locked ticket, and writes to the other side; an internal one is for staff alone and mailed to nobody.
///
/// # Errors
/// [`DataError::Denied`] for a ticket of others, and those of the queries.
pub async fn reply(
    tx: &mut Tx,
    ticket: &Feedback,
    author: UserId,
    content: &str,
    is_internal: bool,
) -> Result<FeedbackReply, DataError> {
    let id = Uuid::now_v7();
    let created_at = sqlx::query_scalar!(
        "INSERT INTO feedback_replies (id, feedback_id, author_id, content, is_internal) VALUES ($1, $2, $3, $4, $5)
        RETURNING created_at",
        id,
        ticket.id.as_uuid(),
        author.as_uuid(),
        content,
        is_internal,
    )
    .fetch_one(&mut *tx)
    .await?;
    if !is_internal {
        sqlx::query!(
            r#"SELECT app.notify_about_ticket($1, $2, $3, $4)::text AS "nothing""#,
            ticket.id.as_uuid(),
            MailKind::TicketReplied.as_str(),
            id.to_string(),
            json!({ "feedbackId": ticket.id, "subject": ticket.subject }),
        )
        .fetch_one(&mut *tx)
        .await?;
    }
    Ok(FeedbackReply {
        id: ReplyId::from(id),
        author_id: author,
        is_staff: author != ticket.user_id,
        is_internal,
        content: content.to_owned(),
        created_at: Moment(created_at),
    })
}

/// A page of the replies to a ticket that the caller may read, the earliest first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_replies(
    tx: &mut Tx,
    ticket: &Feedback,
    after: Option<FeedbackPosition>,
    limit: i64,
) -> Result<Vec<FeedbackReply>, DataError> {
    let rows = sqlx::query!(
        "SELECT id, author_id, content, is_internal, created_at
        FROM feedback_replies
        WHERE feedback_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) > ($2, $3::uuid))
        ORDER BY created_at, id
        LIMIT $4",
        ticket.id.as_uuid(),
        after.map(|after| crate::projects::instant(after.created_micros)),
        after.map(|after| after.id),
        limit,
    )
    .fetch_all(&mut *tx)
    .await?;
    let replies = rows.into_iter().map(|row| FeedbackReply {
        id: row.id.into(),
        author_id: row.author_id.into(),
        is_staff: row.author_id != ticket.user_id.as_uuid(),
        is_internal: row.is_internal,
        content: row.content,
        created_at: Moment(row.created_at),
    });
    Ok(replies.collect())
}
