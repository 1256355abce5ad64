//! Invitations to projects that only invited members see.

use portal_domain::ids::{ProjectId, UserId};
use portal_domain::listing::Moment;
use portal_domain::project::Invitation;
use serde_json::{Value, json};

use super::LockedProject;
use crate::{DataError, Tx, applications};

/// What the mail is.
const KIND: &str = "PROJECT_INVITATION";

/// Everyone who is invited, in the order of invitation.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_invitations(tx: &mut Tx, project: ProjectId) -> Result<Vec<Invitation>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT i.user_id, i.invited_by, i.created_at, m.company,
            NULLIF(concat_ws(' ', m.first_name, m.last_name), '') AS member_name
        FROM project_invitations AS i
        LEFT JOIN member_directory AS m ON m.id = i.user_id
        WHERE i.project_id = $1
        ORDER BY i.created_at, i.user_id"#,
        project.as_uuid(),
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let invitations = rows.into_iter().map(|row| Invitation {
        user_id: row.user_id.into(),
        member_name: row.member_name,
        company: row.company,
        invited_by: row.invited_by.into(),
        created_at: Moment(row.created_at),
    });
    Ok(invitations.collect())
}

/// Invites a member and, where the project is announced, writes to them; who is invited already is left alone.
///
/// # Errors
/// [`DataError::NotFound`] when there is no such member, and those of the queries.
pub async fn invite(
    tx: &mut Tx,
    project: &LockedProject,
    member: UserId,
    inviter: UserId,
) -> Result<(), DataError> {
    let known = sqlx::query_scalar!(
        r#"SELECT 1 AS "one!" FROM member_directory WHERE id = $1"#,
        member.as_uuid()
    );
    known.fetch_one(&mut *tx).await?;
    sqlx::query!(
        "INSERT INTO project_invitations (project_id, user_id, invited_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        project.id.as_uuid(),
        member.as_uuid(),
        inviter.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    if !project.status.is_announced() {
        return Ok(());
    }
    let occasion = project.id.to_string();
    applications::notify(tx, project.id, member, KIND, &occasion, &payload(project)).await
}

/// Writes to all who were invited before their project could be seen: one mail to each, however often this is tried.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn notify_invited(tx: &mut Tx, project: &LockedProject) -> Result<(), DataError> {
    sqlx::query!(
        r#"SELECT app.notify_about_project($1, user_id, $2, $3, $4)::text AS "nothing"
        FROM project_invitations
        WHERE project_id = $1"#,
        project.id.as_uuid(),
        KIND,
        project.id.to_string(),
        payload(project),
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(())
}

fn payload(project: &LockedProject) -> Value {
    json!({ "projectId": project.id, "title": &*project.details.title })
}

/// Takes an invitation back.
///
/// # Errors
/// [`DataError::NotFound`] when the member is not invited, and those of the query.
pub async fn uninvite(tx: &mut Tx, project: ProjectId, member: UserId) -> Result<(), DataError> {
    let taken = sqlx::query!(
        "DELETE FROM project_invitations WHERE project_id = $1 AND user_id = $2",
        project.as_uuid(),
        member.as_uuid(),
    );
    match taken.execute(&mut *tx).await?.rows_affected() {
        0 => Err(DataError::NotFound),
        _ => Ok(()),
    }
}
