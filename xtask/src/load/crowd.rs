//! Many members at once. What one member may do in an hour is limited, so whoever loads the portal comes as many, each of whom does
//! no more than a person would.

use super::member::Member;
use super::signer::Signer;
use anyhow::{Context, Result};
use serde_json::Value;
use sqlx::postgres::PgConnection;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Members of the data set in good standing, as a query's `FROM` has them; the accounts for people have no dot in their names.
pub(crate) const GOOD: &str = "(SELECT id, created_at FROM users
    WHERE is_active AND approved_at IS NOT NULL AND is_verified AND deleted_at IS NULL AND mfa_enabled_at IS NULL
        AND email LIKE '%.%@example.org') AS good";

/// How often one member does something that is limited: 60 projects may be posted in an hour, and 100 files announced.
const EACH: u128 = 50;

/// How many members it takes to do something so often for so long without being refused.
pub(crate) fn enough(during: Duration, between: Duration) -> usize {
    let turns = during.as_nanos() / between.as_nanos().max(1);
    usize::try_from(turns.div_ceil(EACH).max(1)).unwrap_or(usize::MAX)
}

/// Members that a query finds, signed in; its first column is their ids.
pub(crate) async fn found(stack: &Value, owner: &mut PgConnection, query: &str) -> Result<Vec<Arc<Member>>> {
    let found: Vec<Uuid> = sqlx::query_scalar(query)
        .fetch_all(&mut *owner)
        .await
        .with_context(|| format!("{query} failed"))?;
    enter(stack, owner, &found).await
}

/// So many new approved members with this role, signed in.
pub(crate) async fn joined(
    stack: &Value,
    owner: &mut PgConnection,
    count: usize,
    role: &str,
) -> Result<Vec<Arc<Member>>> {
    let ids: Vec<Uuid> = (0..count).map(|_| Uuid::now_v7()).collect();
    sqlx::query(
        "INSERT INTO users (id, email, first_name, last_name, is_verified, approved_at)
        SELECT id, 'load-' || id || '@example.org', 'Load', 'Test', true, now() FROM unnest($1::uuid[]) AS joined (id)",
    )
    .bind(&ids)
    .execute(&mut *owner)
    .await
    .context("cannot add members")?;
    sqlx::query(
        "INSERT INTO user_roles (user_id, role_id)
        SELECT joined.id, roles.id FROM unnest($1::uuid[]) AS joined (id), roles WHERE roles.name = $2",
    )
    .bind(&ids)
    .bind(role)
    .execute(&mut *owner)
    .await
    .context("cannot give members a role")?;
    enter(stack, owner, &ids).await
}

/// Signs members in past the function `auth`, whose hashes of passwords would take minutes.
async fn enter(stack: &Value, owner: &mut PgConnection, members: &[Uuid]) -> Result<Vec<Arc<Member>>> {
    let signer = Arc::new(Signer::newest(stack).await?);
    let sessions: Vec<Uuid> = members.iter().map(|_| Uuid::now_v7()).collect();
    sqlx::query(
        "INSERT INTO sessions (id, user_id, refresh_token_hash, expires_at)
        SELECT id, user_id, uuid_send(id), now() + interval '1 day'
        FROM unnest($1::uuid[], $2::uuid[]) AS entered (id, user_id)",
    )
    .bind(&sessions)
    .bind(members)
    .execute(owner)
    .await
    .context("cannot sign members in")?;
    let pairs = members.iter().zip(&sessions);
    pairs
        .map(|(id, session)| Ok(Arc::new(Member::entered(signer.clone(), *id, *session)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_does_more_than_is_allowed_in_an_hour() {
        let between = Duration::from_millis(30);
        for seconds in [1, 30, 300] {
            let members = u128::try_from(enough(Duration::from_secs(seconds), between)).unwrap();
            let turns = u128::from(seconds) * 1000 / 30;
            assert!(members * EACH >= turns, "{seconds} s");
            assert!((members - 1) * EACH < turns, "{seconds} s");
        }
        assert_eq!(enough(Duration::ZERO, between), 1);
    }
}
