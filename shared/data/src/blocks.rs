//! Whom a member does not want to hear from. Only the member ever sees it.

use portal_domain::ids::UserId;
use portal_domain::listing::Moment;
use portal_domain::message::Block;

use crate::{DataError, Tx};

/// Blocks a member; false where there is no such member. Once is enough.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn add(tx: &mut Tx, me: UserId, blocked: UserId) -> Result<bool, DataError> {
    // Also somebody whose account is suspended today, if there is a conversation to be rid of.
    let known = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM member_directory WHERE id = $2)
            OR EXISTS (SELECT FROM conversations WHERE user_id = $1 AND counterpart_id = $2) AS "known!""#,
        me.as_uuid(),
        blocked.as_uuid(),
    )
    .fetch_one(&mut *tx)
    .await?;
    if known {
        sqlx::query!(
            "INSERT INTO member_blocks (user_id, blocked_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            me.as_uuid(),
            blocked.as_uuid(),
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(known)
}

/// Takes a block back, if there is one.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn remove(tx: &mut Tx, me: UserId, blocked: UserId) -> Result<(), DataError> {
    sqlx::query!(
        "DELETE FROM member_blocks WHERE user_id = $1 AND blocked_id = $2",
        me.as_uuid(),
        blocked.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// A page of the members that a member has blocked, by id, after one of them.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    me: UserId,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<Block>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT b.blocked_id, b.created_at, concat_ws(' ', d.first_name, d.last_name) AS "name!"
        FROM member_blocks AS b
        LEFT JOIN member_directory AS d ON d.id = b.blocked_id
        WHERE b.user_id = $1 AND ($2::uuid IS NULL OR b.blocked_id > $2)
        ORDER BY b.blocked_id
        LIMIT $3"#,
        me.as_uuid(),
        after.map(UserId::as_uuid),
        limit,
    )
    .fetch_all(&mut *tx)
    .await?;
    let blocks = rows.into_iter().map(|row| Block {
        member_id: row.blocked_id.into(),
        name: Some(row.name).filter(|name| !name.is_empty()),
        created_at: Moment(row.created_at),
    });
    Ok(blocks.collect())
}

/// How many members a member has blocked.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(tx: &mut Tx, me: UserId) -> Result<i64, DataError> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM member_blocks WHERE user_id = $1"#,
        me.as_uuid(),
    );
    Ok(count.fetch_one(&mut *tx).await?)
}
