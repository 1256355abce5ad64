//! What the reconciliation has found, for those who put it right.

use portal_domain::ids::{FindingId, PaymentId, UserId};
use portal_domain::listing::Moment;
use portal_domain::staff::FindingListing;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::estimate::Counting;
use crate::single_row::one;
use crate::{DataError, Tx};

/// Where a list goes on: the time of a row in microseconds since 1970, and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingPosition {
    found_micros: i64,
    id: FindingId,
}

impl FindingPosition {
    /// Where a list goes on after this finding.
    #[must_use]
    pub fn after(finding: &FindingListing) -> Self {
        Self {
            found_micros: crate::projects::micros(finding.found_at),
            id: finding.id,
        }
    }
}

async fn select(
    tx: &mut Tx,
    id: Option<FindingId>,
    resolved: Option<bool>,
    after: Option<FindingPosition>,
    limit: i64,
) -> Result<Vec<FindingListing>, DataError> {
    // The index payment_findings_found, or that on the open ones.
    let rows = sqlx::query!(
        "SELECT id, kind, subject, payment_id, detail, found_at, last_found_at, resolved_at, resolved_by, resolution, version
        FROM payment_findings
        WHERE ($1::uuid IS NULL OR id = $1)
            AND CASE WHEN $2::boolean IS NULL THEN true WHEN $2 THEN resolved_at IS NOT NULL ELSE resolved_at IS NULL END
            AND ($3::timestamptz IS NULL OR (found_at, id) < ($3, $4::uuid))
        ORDER BY found_at DESC, id DESC
        LIMIT $5",
        id.map(FindingId::as_uuid),
        resolved,
        after.map(|after| crate::projects::instant(after.found_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    )
    .fetch_all(&mut *tx)
    .await?;
    let findings = rows.into_iter().map(|row| FindingListing {
        id: row.id.into(),
        kind: row.kind,
        subject: row.subject,
        payment_id: row.payment_id.map(PaymentId::from),
        detail: row.detail,
        found_at: Moment(row.found_at),
        last_found_at: Moment(row.last_found_at),
        resolved: row.resolved_at.is_some(),
        resolved_at: row.resolved_at.map(Moment),
        resolved_by: row.resolved_by.map(UserId::from),
        resolution: row.resolution,
        version: row.version,
    });
    Ok(findings.collect())
}

/// A page of findings, the latest first: all, those that were put right, or those that were not.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    resolved: Option<bool>,
    after: Option<FindingPosition>,
    limit: i64,
) -> Result<Vec<FindingListing>, DataError> {
    select(tx, None, resolved, after, limit).await
}

/// How many findings a list has, nothing unless it is asked for; an estimate counts as far as a thousand.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(
    tx: &mut Tx,
    resolved: Option<bool>,
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
            SELECT FROM payment_findings
            WHERE CASE WHEN $1::boolean IS NULL THEN true WHEN $1 THEN resolved_at IS NOT NULL ELSE resolved_at IS NULL END
            LIMIT $2
        ) AS counted"#,
        resolved,
        counting.limit(),
    );
    Ok(Some(count.fetch_one(&mut *tx).await?))
}

/// The finding with an id, held until the transaction ends.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn lock(tx: &mut Tx, id: FindingId) -> Result<Option<FindingListing>, DataError> {
    sqlx::query!(
        "SELECT id FROM payment_findings WHERE id = $1 FOR UPDATE",
        id.as_uuid()
    )
    .fetch_optional(&mut *tx)
    .await?;
    lookup(tx, id).await
}

/// The finding with an id.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(tx: &mut Tx, id: FindingId) -> Result<Option<FindingListing>, DataError> {
    Ok(select(tx, Some(id), None, None, 1).await?.pop())
}

/// Notes that a locked finding was put right, and how; or, without that, that it was not.
///
/// # Errors
/// [`DataError::Conflict`] where the same was found again and is open, and those of the query.
pub async fn resolve(
    tx: &mut Tx,
    id: FindingId,
    done: Option<(UserId, OffsetDateTime, &str)>,
) -> Result<(), DataError> {
    let changed = sqlx::query!(
        "UPDATE payment_findings SET resolved_by = $2, resolved_at = $3, resolution = $4 WHERE id = $1",
        id.as_uuid(),
        done.map(|(actor, ..)| actor.as_uuid()),
        done.map(|(_, now, _)| now),
        done.map(|(.., how)| how),
    );
    one(changed.execute(&mut *tx).await?.rows_affected())
}
