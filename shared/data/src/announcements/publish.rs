//! Writing to the members whom an urgent announcement is for.

use portal_domain::mail::MailKind;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::single_row::one;
use crate::{DataError, Tx};

/// Takes the announcement up that is due first, and goes on with it: adds the mails of up to `limit` members after the last who was
/// written to, or, where it is not urgent, notes that it is out. The mails and how far they have come are one transaction, so a run
/// that is killed repeats none and leaves none out. False when nothing is due that nobody else works on.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn publish(tx: &mut Tx, now: OffsetDateTime, limit: i64) -> Result<bool, DataError> {
    let due = sqlx::query!(
        r#"SELECT id, title, notified_through, is_urgent AND COALESCE(expires_at > $1, true) AS "mailed!"
        FROM announcements
        WHERE publish_at <= $1 AND notified_at IS NULL AND deleted_at IS NULL
        ORDER BY publish_at
        LIMIT 1
        FOR UPDATE SKIP LOCKED"#,
        now,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(due) = due else { return Ok(false) };
    let last = if due.mailed {
        write_to(tx, due.id, due.notified_through, &due.title, limit).await?
    } else {
        None
    };
    let noted = sqlx::query!(
        "UPDATE announcements
        SET notified_through = COALESCE($2, notified_through), notified_at = CASE WHEN $2::uuid IS NULL THEN $3::timestamptz END
        WHERE id = $1",
        due.id,
        last,
        now,
    );
    one(noted.execute(&mut *tx).await?.rows_affected())?;
    Ok(true)
}

/// Adds the mails of the members after one of them, and gives the last; none when there are no more.
async fn write_to(
    tx: &mut Tx,
    announcement: Uuid,
    after: Option<Uuid>,
    title: &str,
    limit: i64,
) -> Result<Option<Uuid>, DataError> {
    let last = sqlx::query_scalar!(
        r#"WITH audience AS MATERIALIZED (
            SELECT user_id, email FROM app.announcement_audience($1, $2, $3)
        ), added AS (
            INSERT INTO outbox (id, user_id, kind, recipient, payload, deduplication_key)
            SELECT app.uuid_v7(), user_id, $4::text, email, $5::jsonb, concat_ws('/', $4::text, $1::uuid, user_id)
            FROM audience
            ON CONFLICT DO NOTHING
        )
        SELECT user_id AS "user_id!" FROM audience ORDER BY user_id DESC LIMIT 1"#,
        announcement,
        after,
        limit,
        MailKind::UrgentAnnouncement.as_str(),
        json!({ "announcementId": announcement, "title": title }),
    );
    Ok(last.fetch_optional(&mut *tx).await?)
}
