//! The award, and the letters about bids.

use portal_domain::application::ApplicationStatus;
use portal_domain::ids::{ApplicationId, UserId};
use portal_domain::project::ProjectStatus;
use serde_json::{Value, json};

use crate::projects::{self, LockedProject};
use crate::{DataError, Tx};

/// Gives a locked project to one of its open bids: the others are rejected, and everyone who has bid is told.
///
/// # Errors
/// [`DataError::NotFound`] when the project has no such open bid, and those of the queries.
pub async fn award(
    tx: &mut Tx,
    project: &LockedProject,
    winner: ApplicationId,
    reviewer: UserId,
) -> Result<(), DataError> {
    let decided = sqlx::query!(
        "UPDATE project_applications
        SET status = CASE WHEN id = $2 THEN 'APPROVED' ELSE 'REJECTED' END, reviewed_by = $3, reviewed_at = now()
        WHERE project_id = $1 AND status IN ('PENDING', 'REVIEWING')
        RETURNING id, user_id",
        project.id.as_uuid(),
        winner.as_uuid(),
        reviewer.as_uuid(),
    )
    .fetch_all(&mut *tx)
    .await?;
    let won = decided.iter().find(|bid| bid.id == winner.as_uuid());
    if won.ok_or(DataError::NotFound)?.user_id == reviewer.as_uuid() {
        return Err(DataError::Refused {
            reason: "Nobody awards a project to themselves: another of the staff has to.".to_owned(),
        });
    }
    projects::move_to(tx, project.id, project.status, ProjectStatus::Awarded).await?;
    for (kind, status) in [
        ("AWARD_WON", ApplicationStatus::Approved),
        ("AWARD_LOST", ApplicationStatus::Rejected),
    ] {
        let payload = json!({ "projectId": project.id, "title": &*project.details.title });
        sqlx::query!(
            r#"SELECT app.notify_bidders($1, $2, $3, $4, $5) AS "notified!""#,
            project.id.as_uuid(),
            kind,
            project.id.to_string(),
            payload,
            &[status.to_string()],
        )
        .fetch_one(&mut *tx)
        .await?;
    }
    Ok(())
}

/// Writes one mail about a project to one member: from who runs it, or from a bidder to its owner.
///
/// # Errors
/// [`DataError::Denied`] for anybody else, and those of the query.
pub async fn notify(
    tx: &mut Tx,
    project: portal_domain::ids::ProjectId,
    member: UserId,
    kind: &str,
    occasion: &str,
    payload: &Value,
) -> Result<(), DataError> {
    sqlx::query!(
        r#"SELECT app.notify_about_project($1, $2, $3, $4, $5)::text AS "nothing""#,
        project.as_uuid(),
        member.as_uuid(),
        kind,
        occasion,
        payload,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(())
}
