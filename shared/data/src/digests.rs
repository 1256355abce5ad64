//! The daily digest of unread messages: made once a day for each member who has new ones.
//!
//! A message puts its receiver into `message_digests`, for the next morning where the receiver is; a digest takes the row out in the
//! transaction that adds the mail. So there is never a mail without the row gone, nor a row gone without the mail, however often a run
//! is killed. Who sends while a digest is made waits for it, or is in it.

use portal_domain::mail::{Mail, MailKind};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::sealing::Sealer;
use crate::{DataError, Tx, outbox};

/// Takes up to `limit` members out whose digest is due at `now` and adds their mails. Gives how many were taken out: fewer than the limit
/// when no more are due.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn make(tx: &mut Tx, sealer: &Sealer, now: OffsetDateTime, limit: u32) -> Result<u32, DataError> {
    let due = sqlx::query!(
        "DELETE FROM message_digests AS d
        USING (
            SELECT user_id FROM message_digests
            WHERE due_at <= $1
            ORDER BY due_at
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        ) AS due
        WHERE d.user_id = due.user_id
        RETURNING d.user_id, d.since, d.due_at",
        now,
        i64::from(limit),
    )
    .fetch_all(&mut *tx)
    .await?;
    let (members, since): (Vec<Uuid>, Vec<OffsetDateTime>) =
        due.iter().map(|row| (row.user_id, row.since)).unzip();
    // A statement of its own: it sees every message whose sender did not have to wait. What was told of before is left out, and
    // members who have read everything since get no mail.
    let unread = sqlx::query!(
        r#"SELECT d.user_id AS "user_id!", u.email, m.messages AS "messages!", m.people AS "people!"
        FROM unnest($1::uuid[], $2::timestamptz[]) AS d (user_id, since)
        JOIN users AS u ON u.id = d.user_id AND u.is_active AND u.deleted_at IS NULL
        CROSS JOIN LATERAL (
            SELECT count(*) AS messages, count(DISTINCT m.sender_id) AS people
            FROM messages AS m
            WHERE m.receiver_id = d.user_id AND m.sent_at >= d.since AND m.status IN ('SENT', 'DELIVERED')
        ) AS m
        WHERE m.messages > 0"#,
        &members,
        &since,
    )
    .fetch_all(&mut *tx)
    .await?;
    for row in unread {
        let mut mail = Mail::new(MailKind::MessageDigest, row.email);
        mail.user_id = Some(row.user_id.into());
        mail.payload = json!({ "messages": row.messages, "people": row.people });
        let morning = due.iter().find(|due| due.user_id == row.user_id);
        mail.deduplication_key = morning.map(|due| {
            format!(
                "{}/{}/{}",
                mail.kind,
                row.user_id,
                due.due_at.unix_timestamp_nanos() / 1_000
            )
        });
        outbox::add(tx, sealer, &mail).await?;
    }
    Ok(u32::try_from(due.len()).unwrap_or(u32::MAX))
}
