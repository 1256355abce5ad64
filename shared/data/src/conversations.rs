//! The inbox: one row for each side of a thread, kept when a message is sent or read.

use portal_domain::ids::UserId;
use portal_domain::listing::Moment;
use portal_domain::message::{Conversation, Counterpart, LastMessage, Unread};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::estimate::Counting;
use crate::messages::Direction;
use crate::{DataError, Tx};

/// Which conversations a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversationFilters {
    /// Those that are put away, instead of the others.
    pub archived: bool,
    /// The latest first, or the earliest first.
    pub direction: Direction,
    /// Only those with a message later than this.
    pub since: Option<OffsetDateTime>,
}

/// Where a list goes on: the time of the last message in microseconds since 1970, and the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationPosition {
    at_micros: i64,
    counterpart: UserId,
}

impl ConversationPosition {
    /// Where a list goes on after this conversation.
    #[must_use]
    pub fn after(conversation: &Conversation) -> Self {
        Self {
            at_micros: crate::projects::micros(conversation.last_message_at),
            counterpart: conversation.counterpart.id,
        }
    }
}

struct Row {
    counterpart_id: Uuid,
    name: Option<String>,
    company: Option<String>,
    profile_image_key: Option<String>,
    is_blocked: bool,
    message_id: Option<Uuid>,
    sender_id: Option<Uuid>,
    subject: Option<String>,
    excerpt: Option<String>,
    last_message_at: OffsetDateTime,
    unread_count: i32,
    archived_at: Option<OffsetDateTime>,
}

impl From<Row> for Conversation {
    fn from(row: Row) -> Self {
        let last_message = row.message_id.zip(row.sender_id).map(|(id, sender)| LastMessage {
            id: id.into(),
            sender_id: sender.into(),
            subject: row.subject.unwrap_or_default(),
            excerpt: row.excerpt.unwrap_or_default(),
        });
        Self {
            counterpart: Counterpart {
                id: row.counterpart_id.into(),
                name: row.name.filter(|name| !name.is_empty()),
                company: row.company,
                profile_image_key: row.profile_image_key,
                is_blocked: row.is_blocked,
            },
            last_message,
            last_message_at: Moment(row.last_message_at),
            unread_count: row.unread_count,
            archived_at: row.archived_at.map(Moment),
        }
    }
}

/// A page of a member's own conversations.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    me: UserId,
    filters: &ConversationFilters,
    after: Option<ConversationPosition>,
    limit: i64,
) -> Result<Vec<Conversation>, DataError> {
    let me = me.as_uuid();
    let at = after.map(|after| crate::projects::instant(after.at_micros));
    let id = after.map(|after| after.counterpart.as_uuid());
    let (archived, since) = (filters.archived, filters.since);
    let rows = match filters.direction {
        Direction::Backward => {
            sqlx::query_file_as!(
                Row,
                "src/conversations/backward.sql",
                me,
                archived,
                since,
                at,
                id,
                limit
            )
            .fetch_all(&mut *tx)
            .await?
        }
        Direction::Forward => {
            sqlx::query_file_as!(
                Row,
                "src/conversations/forward.sql",
                me,
                archived,
                since,
                at,
                id,
                limit
            )
            .fetch_all(&mut *tx)
            .await?
        }
    };
    Ok(rows.into_iter().map(Into::into).collect())
}

/// How many conversations a list has, nothing unless it is asked for; an estimate counts as far as a thousand.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(
    tx: &mut Tx,
    me: UserId,
    filters: &ConversationFilters,
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
            SELECT FROM conversations
            WHERE user_id = $1 AND (archived_at IS NOT NULL) = $2 AND ($3::timestamptz IS NULL OR last_message_at > $3)
            LIMIT $4
        ) AS counted"#,
        me.as_uuid(),
        filters.archived,
        filters.since,
        counting.limit(),
    );
    Ok(Some(count.fetch_one(&mut *tx).await?))
}

/// What a member has not read, from the index conversations_unread alone.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn unread(tx: &mut Tx, me: UserId) -> Result<Unread, DataError> {
    let row = sqlx::query!(
        r#"SELECT COALESCE(sum(unread_count), 0) AS "messages!", count(*) AS "conversations!"
        FROM conversations
        WHERE user_id = $1 AND unread_count > 0"#,
        me.as_uuid(),
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(Unread {
        messages: row.messages,
        conversations: row.conversations,
    })
}
