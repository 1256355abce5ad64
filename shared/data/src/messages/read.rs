//! What a member does with messages that are there: reading, and putting away.

use portal_domain::ids::UserId;
use portal_domain::message::Message;

use crate::single_row::one;
use crate::{DataError, Tx};

/// The other side of a message.
fn counterpart(message: &Message, me: UserId) -> UserId {
    if message.sender_id == me {
        message.receiver_id
    } else {
        message.sender_id
    }
}

/// Locks the caller's side of a message's conversation, as whoever changes its count must first.
async fn hold_side(tx: &mut Tx, me: UserId, other: UserId) -> Result<(), DataError> {
    sqlx::query!(
        "SELECT unread_count FROM conversations WHERE user_id = $1 AND counterpart_id = $2 FOR UPDATE",
        me.as_uuid(),
        other.as_uuid(),
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(())
}

/// Marks everything in a message's thread as read that the caller received until then. Gives how many messages were unread.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn mark_read(tx: &mut Tx, me: UserId, up_to: &Message) -> Result<i64, DataError> {
    let other = counterpart(up_to, me);
    hold_side(tx, me, other).await?;
    // The index messages_unread.
    let read = sqlx::query!(
        "UPDATE messages
        SET status = 'READ', read_at = now()
        WHERE receiver_id = $1 AND sender_id = $2 AND status IN ('SENT', 'DELIVERED') AND (sent_at, id) <= ($3, $4)",
        me.as_uuid(),
        other.as_uuid(),
        up_to.sent_at.0,
        up_to.id.as_uuid(),
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    let read = i64::try_from(read).unwrap_or(i64::MAX);
    if read > 0 {
        let counted = sqlx::query!(
            "UPDATE conversations SET unread_count = unread_count - $3::bigint::integer
            WHERE user_id = $1 AND counterpart_id = $2",
            me.as_uuid(),
            other.as_uuid(),
            read,
        );
        one(counted.execute(&mut *tx).await?.rows_affected())?;
    }
    Ok(read)
}

/// Puts the conversation of a message away on the caller's side, and reads it as far as that; false where a newer message has come.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn archive(tx: &mut Tx, me: UserId, message: &Message) -> Result<bool, DataError> {
    let other = counterpart(message, me);
    mark_read(tx, me, message).await?;
    let archived = sqlx::query!(
        "UPDATE conversations SET archived_at = COALESCE(archived_at, now())
        WHERE user_id = $1 AND counterpart_id = $2 AND (last_message_at, last_message_id) <= ($3, $4)",
        me.as_uuid(),
        other.as_uuid(),
        message.sent_at.0,
        message.id.as_uuid(),
    );
    if archived.execute(&mut *tx).await?.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "UPDATE messages SET status = 'ARCHIVED' WHERE id = $1 AND receiver_id = $2",
        message.id.as_uuid(),
        me.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(true)
}

/// Brings the conversation of a message back on the caller's side.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn unarchive(tx: &mut Tx, me: UserId, message: &Message) -> Result<(), DataError> {
    let other = counterpart(message, me);
    let back = sqlx::query!(
        "UPDATE conversations SET archived_at = NULL WHERE user_id = $1 AND counterpart_id = $2",
        me.as_uuid(),
        other.as_uuid(),
    );
    one(back.execute(&mut *tx).await?.rows_affected())?;
    sqlx::query!(
        "UPDATE messages SET status = 'READ' WHERE id = $1 AND receiver_id = $2 AND status = 'ARCHIVED'",
        message.id.as_uuid(),
        me.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}
