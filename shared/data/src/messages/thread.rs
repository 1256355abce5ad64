//! The messages of one thread, in both directions.

use portal_domain::ids::{MessageId, UserId};
use portal_domain::message::Message;
use serde::{Deserialize, Serialize};

use super::Row;
use crate::estimate::Counting;
use crate::{DataError, Tx};

/// Which way a list goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To what was written before, the latest first.
    Backward,
    /// To what was written since, the earliest first.
    Forward,
}

/// Where a list goes on: a time in microseconds since 1970, and the id among what has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagePosition {
    sent_micros: i64,
    id: MessageId,
}

impl MessagePosition {
    /// Where a list goes on after this message.
    #[must_use]
    pub fn after(message: &Message) -> Self {
        Self {
            sent_micros: crate::projects::micros(message.sent_at),
            id: message.id,
        }
    }
}

/// Where a list begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At the end.
    End,
    /// At a message, which is not shown again.
    Message(MessageId),
    /// After the page before.
    Position(MessagePosition),
}

/// A page of what two members have written to each other, as the first of them sees it. With an anchor that the thread does not have the page is empty.
///
/// # Errors
/// [`DataError`] of the query, and [`DataError::Corrupt`] for a row that cannot be.
pub async fn list_thread(
    tx: &mut Tx,
    (me, other): (UserId, UserId),
    direction: Direction,
    anchor: Anchor,
    limit: i64,
) -> Result<Vec<Message>, DataError> {
    let (low, high) = (me.min(other).as_uuid(), me.max(other).as_uuid());
    let position = match anchor {
        Anchor::End => None,
        Anchor::Position(position) => Some(position),
        Anchor::Message(id) => match super::lookup(tx, id).await? {
            Some(message) if is_of(&message, me, other) => Some(MessagePosition::after(&message)),
            _ => return Ok(Vec::new()),
        },
    };
    let at = position.map(|position| crate::projects::instant(position.sent_micros));
    let id = position.map(|position| position.id.as_uuid());
    // Both are served by the index messages_thread.
    let rows = match direction {
        Direction::Backward => {
            sqlx::query_file_as!(Row, "src/messages/backward.sql", low, high, at, id, limit)
                .fetch_all(&mut *tx)
                .await?
        }
        Direction::Forward => {
            sqlx::query_file_as!(Row, "src/messages/forward.sql", low, high, at, id, limit)
                .fetch_all(&mut *tx)
                .await?
        }
    };
    rows.into_iter()
        .map(|row| Message::try_from(row).map(|message| message.as_seen_by(me)))
        .collect()
}

fn is_of(message: &Message, one: UserId, other: UserId) -> bool {
    let people = (message.sender_id, message.receiver_id);
    people == (one, other) || people == (other, one)
}

/// How many messages a thread has, nothing unless it is asked for; an estimate counts as far as a thousand.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count_thread(
    tx: &mut Tx,
    (one, other): (UserId, UserId),
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
            SELECT FROM messages
            WHERE LEAST(sender_id, receiver_id) = $1 AND GREATEST(sender_id, receiver_id) = $2
            LIMIT $3
        ) AS counted"#,
        one.min(other).as_uuid(),
        one.max(other).as_uuid(),
        counting.limit(),
    );
    Ok(Some(count.fetch_one(&mut *tx).await?))
}
