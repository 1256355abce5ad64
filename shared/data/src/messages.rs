//! Messages between two members. Policies show one to its sender and its receiver alone; nobody else, staff among them, reads one.
//!
//! Who writes holds the sender and then the thread until the transaction ends ([`hold`]), so that no limit is passed by many at once and
//! a thread is in the order in which its messages were committed. Who reads or puts away locks the own side of the conversation
//! first, which sending changes last.

mod read;
mod thread;

use portal_domain::ids::{MessageId, UserId};
use portal_domain::listing::Moment;
use portal_domain::message::{Message, MessageLimit, NewMessage};
use portal_domain::turn::Window;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::single_row::one;
use crate::{DataError, Tx};

pub use read::{archive, mark_read, unarchive};
pub use thread::{Anchor, Direction, MessagePosition, count_thread, list_thread};

/// What decides whether a message may be written now; held until the transaction ends.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldThread {
    /// Whether the sender takes messages.
    pub sender_accepts: bool,
    /// When the sender's account was made.
    pub sender_since: OffsetDateTime,
    /// Whether the receiver is in the directory.
    pub is_member: bool,
    /// Whether the sender has blocked the receiver.
    pub is_blocked: bool,
    /// Whether the receiver takes messages of the sender. Why not is not said.
    pub accepts: bool,
    /// Whether the two have not written to each other yet.
    pub is_first: bool,
    /// The time of the count.
    pub at: OffsetDateTime,
    counted: [Window; MessageLimit::ALL.len()],
}

impl HeldThread {
    /// What the sender has written in the window of a limit.
    #[must_use]
    pub const fn counted(&self, limit: MessageLimit) -> Window {
        let [minute, hour, day, first_hour, first_day] = self.counted;
        match limit {
            MessageLimit::Minute => minute,
            MessageLimit::Hour => hour,
            MessageLimit::Day => day,
            MessageLimit::FirstHour => first_hour,
            MessageLimit::FirstDay => first_day,
        }
    }
}

/// Takes hold of the thread with a member, to write a message into it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn hold(tx: &mut Tx, receiver: UserId) -> Result<HeldThread, DataError> {
    let row = sqlx::query_file!("src/messages/hold.sql", receiver.as_uuid())
        .fetch_one(&mut *tx)
        .await?;
    let window = |count: i64, oldest| Window {
        count: u32::try_from(count).unwrap_or(u32::MAX),
        oldest,
    };
    Ok(HeldThread {
        sender_accepts: row.sender_accepts,
        sender_since: row.sender_since,
        is_member: row.is_member,
        is_blocked: row.is_blocked,
        accepts: row.accepts,
        is_first: row.is_first,
        at: row.at,
        counted: [
            window(row.minute_count, row.minute_oldest),
            window(row.hour_count, row.hour_oldest),
            window(row.day_count, row.day_oldest),
            window(row.first_hour_count, row.first_hour_oldest),
            window(row.first_day_count, row.first_day_oldest),
        ],
    })
}

/// Writes a message into a thread that is held, on top of both sides' conversations.
///
/// # Errors
/// [`DataError::Denied`] when the receiver does not take it, and those of the queries.
pub async fn add(
    tx: &mut Tx,
    sender: UserId,
    message: &NewMessage,
    is_first: bool,
) -> Result<MessageId, DataError> {
    let id = Uuid::now_v7();
    // The clock and not the transaction's time: that of one that waited for the thread is before what it waited for.
    let added = sqlx::query!(
        "INSERT INTO messages (id, sender_id, receiver_id, subject, content, is_first, sent_at)
        VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())",
        id,
        sender.as_uuid(),
        message.receiver_id.as_uuid(),
        message.subject.as_deref().unwrap_or_default(),
        &*message.content,
        is_first,
    );
    one(added.execute(&mut *tx).await?.rows_affected())?;
    sqlx::query!(r#"SELECT app.note_message($1)::text AS "nothing""#, id)
        .fetch_one(&mut *tx)
        .await?;
    Ok(id.into())
}

/// A message of the caller's, or one to the caller.
///
/// # Errors
/// [`DataError`] of the query, and [`DataError::Corrupt`] for a row that cannot be.
pub async fn lookup(tx: &mut Tx, id: MessageId) -> Result<Option<Message>, DataError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, sender_id, receiver_id, subject, content, status, sent_at, read_at FROM messages WHERE id = $1",
        id.as_uuid(),
    );
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// Shows a message that the caller received to staff: how it begins, taken from the message itself. Once is enough.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn report(tx: &mut Tx, id: MessageId, reporter: UserId, reason: &str) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO message_reports (id, message_id, reported_by, reason, excerpt)
        SELECT $1, m.id, $3, $4, left(concat_ws(E'\\n', NULLIF(m.subject, ''), m.content), 1000)
        FROM messages AS m
        WHERE m.id = $2 AND m.receiver_id = $3
        ON CONFLICT (message_id, reported_by) DO NOTHING",
        Uuid::now_v7(),
        id.as_uuid(),
        reporter.as_uuid(),
        reason,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

struct Row {
    id: Uuid,
    sender_id: Uuid,
    receiver_id: Uuid,
    subject: String,
    content: String,
    status: String,
    sent_at: OffsetDateTime,
    read_at: Option<OffsetDateTime>,
}

impl TryFrom<Row> for Message {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            id: row.id.into(),
            sender_id: row.sender_id.into(),
            receiver_id: row.receiver_id.into(),
            subject: row.subject,
            content: row.content,
            status: row.status.parse().map_err(|_| DataError::Corrupt {
                table: "messages",
                reason: "the status is no word of the domain".to_owned(),
            })?,
            sent_at: Moment(row.sent_at),
            read_at: row.read_at.map(Moment),
        })
    }
}
