//! What the clock does to memberships, for the nightly job. Each step is one transaction; done twice, or by two runs at once, it does
//! nothing more.

use portal_domain::ids::UserId;
use portal_domain::membership::{MembershipState, MembershipTerms};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::schedule::{hold, schedule};
use crate::single_row::one;
use crate::{DataError, Tx};

/// Members with a membership whose state the clock has changed; by id, after one that was seen already.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_ended(
    tx: &mut Tx,
    now: OffsetDateTime,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<UserId>, DataError> {
    let ids = sqlx::query_scalar!(
        "SELECT DISTINCT user_id FROM memberships
        WHERE state IN ('ACTIVE', 'GRACE') AND ends_at <= $1
            AND (state = 'ACTIVE' OR COALESCE(grace_ends_at, ends_at) <= $1)
            AND ($2::uuid IS NULL OR user_id > $2)
        ORDER BY user_id
        LIMIT $3",
        now,
        after.map(UserId::as_uuid),
        limit,
    );
    let ids: Vec<Uuid> = ids.fetch_all(&mut *tx).await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// Brings the states of a member's memberships up to date, and tells the member what has ended; how many have changed.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn end(
    tx: &mut Tx,
    member: UserId,
    (terms, now): (&MembershipTerms, OffsetDateTime),
) -> Result<usize, DataError> {
    hold(tx, member).await?;
    let schedule = schedule(tx, member).await?;
    let mut changed = 0;
    for membership in &schedule {
        let state = terms.state_of(membership, &schedule, now);
        if state == membership.state {
            continue;
        }
        let ended = sqlx::query!(
            "UPDATE memberships SET state = $2 WHERE id = $1",
            membership.id.as_uuid(),
            state.as_str(),
        );
        one(ended.execute(&mut *tx).await?.rows_affected())?;
        changed += 1;
        let ends_at = membership.period.ends_at();
        let payload = match state {
            MembershipState::Grace => json!({ "until": terms.grace_until(ends_at).format(&Rfc3339).ok() }),
            _ => json!({}),
        };
        match state {
            MembershipState::Grace => {
                tell(tx, membership.id.as_uuid(), "MEMBERSHIP_ENDED", "", &payload).await?;
            }
            MembershipState::Lapsed => {
                tell(tx, membership.id.as_uuid(), "MEMBERSHIP_LAPSED", "", &payload).await?;
            }
            _ => {}
        }
    }
    Ok(changed)
}

/// Reminds members whose last membership ends within 30 days, and again within 7, and on the last day; how many. Who was not reminded in time
/// gets the reminder that fits.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn remind(tx: &mut Tx, now: OffsetDateTime, limit: i64) -> Result<usize, DataError> {
    let due = sqlx::query_file!("src/memberships/remind.sql", now, limit);
    let due = due.fetch_all(&mut *tx).await?;
    for row in &due {
        let payload = json!({ "days": row.days, "expiresAt": row.ends_at.format(&Rfc3339).ok() });
        // By the end, too: a period that was moved is reminded of anew.
        let occasion = format!("{}/{}", row.days, row.ends_at.unix_timestamp());
        tell(tx, row.id, "MEMBERSHIP_EXPIRING", &occasion, &payload).await?;
    }
    Ok(due.len())
}

/// One mail to the holder of a membership; once for each occasion.
async fn tell(
    tx: &mut Tx,
    membership: Uuid,
    kind: &str,
    occasion: &str,
    payload: &Value,
) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO outbox (id, user_id, kind, recipient, payload, deduplication_key)
        SELECT app.uuid_v7(), u.id, $2::text, u.email, $4::jsonb || jsonb_build_object('title', t.name),
            concat_ws('/', $2, m.id, NULLIF($3::text, ''))
        FROM memberships AS m
        JOIN membership_tiers AS t ON t.id = m.tier_id
        JOIN users AS u ON u.id = m.user_id AND u.is_active AND u.deleted_at IS NULL
        WHERE m.id = $1
        ON CONFLICT (deduplication_key) DO NOTHING",
        membership,
        kind,
        occasion,
        payload,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}
