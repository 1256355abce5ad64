//! Handing a bid in.

use portal_domain::application::{ApplicationStatus, Bid};
use portal_domain::ids::{ApplicationId, ProjectId, UserId};
use portal_domain::money::Cents;
use uuid::Uuid;

use crate::single_row::one;
use crate::{DataError, Tx};

/// Hands a bid in; one that was withdrawn before is handed in again under its old id.
///
/// # Errors
/// [`DataError::Refused`] when the project takes no bids, [`DataError::Conflict`] when the member has a bid already, and those of
/// the queries.
pub async fn submit(
    tx: &mut Tx,
    project: ProjectId,
    bidder: UserId,
    bid: &Bid,
) -> Result<ApplicationId, DataError> {
    hold_project(tx, project).await?;
    let before = sqlx::query!(
        "SELECT id, status FROM project_applications WHERE project_id = $1 AND user_id = $2",
        project.as_uuid(),
        bidder.as_uuid(),
    );
    // Not ON CONFLICT: the trigger that counts bids would see an insertion first, and the update after it.
    match before.fetch_optional(&mut *tx).await? {
        None => add(tx, project, bidder, bid).await,
        Some(before) if before.status == ApplicationStatus::Withdrawn.as_str() => {
            hand_in_again(tx, before.id.into(), bid).await
        }
        Some(_) => Err(DataError::Conflict {
            constraint: "project_applications_one_per_member".to_owned(),
        }),
    }
}

async fn add(tx: &mut Tx, project: ProjectId, bidder: UserId, bid: &Bid) -> Result<ApplicationId, DataError> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "INSERT INTO project_applications (id, project_id, user_id, bid_amount_cents, cover_letter, proposal)
        VALUES ($1, $2, $3, $4, $5, $6)",
        id,
        project.as_uuid(),
        bidder.as_uuid(),
        bid.bid_amount_cents.map(Cents::get),
        bid.cover_letter.as_deref().unwrap_or_default(),
        bid.proposal.as_deref().unwrap_or_default(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(id.into())
}

async fn hand_in_again(tx: &mut Tx, id: ApplicationId, bid: &Bid) -> Result<ApplicationId, DataError> {
    let again = sqlx::query!(
        "UPDATE project_applications
        SET bid_amount_cents = $2, cover_letter = $3, proposal = $4, status = 'PENDING', submitted_at = now(),
            withdrawn_at = NULL
        WHERE id = $1",
        id.as_uuid(),
        bid.bid_amount_cents.map(Cents::get),
        bid.cover_letter.as_deref().unwrap_or_default(),
        bid.proposal.as_deref().unwrap_or_default(),
    );
    one(again.execute(&mut *tx).await?.rows_affected())?;
    Ok(id)
}

/// Whoever changes a bid waits for its project first, as an award does: taken in another order, the two would wait for each other.
async fn hold_project(tx: &mut Tx, project: ProjectId) -> Result<(), DataError> {
    sqlx::query!(
        r#"SELECT app.hold_project($1)::text AS "nothing""#,
        project.as_uuid()
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(())
}
