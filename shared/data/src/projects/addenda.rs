//! Addenda: what changed in a project after it was announced, and who has to learn of it.

use portal_domain::ids::{ProjectId, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::LockedProject;
use crate::{DataError, Tx};

/// Adds the next addendum of a locked project, and writes to everyone who has bid. Gives its number.
///
/// # Errors
/// [`DataError`] of a query.
pub async fn add_addendum(
    tx: &mut Tx,
    project: &LockedProject,
    author: UserId,
    summary: &str,
    changes: &Value,
) -> Result<i32, DataError> {
    let number = project.addendum_count.saturating_add(1);
    let id = Uuid::now_v7();
    sqlx::query!(
        "INSERT INTO addenda (id, project_id, number, summary, changes, created_by) VALUES ($1, $2, $3, $4, $5, $6)",
        id,
        project.id.as_uuid(),
        number,
        summary,
        changes,
        author.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE projects SET addendum_count = $2 WHERE id = $1",
        project.id.as_uuid(),
        number,
    )
    .execute(&mut *tx)
    .await?;
    let payload = json!({
        "projectId": project.id, "title": &*project.details.title, "number": number, "summary": summary,
    });
    notify_bidders(tx, project.id, "PROJECT_ADDENDUM", &id.to_string(), &payload).await?;
    Ok(number)
}

/// Writes one mail to each who has bid and not withdrawn. `occasion` makes sure that it is one, however often this is tried.
///
/// # Errors
/// [`DataError::Denied`] for who may not run the project, and those of the query.
pub async fn notify_bidders(
    tx: &mut Tx,
    project: ProjectId,
    kind: &str,
    occasion: &str,
    payload: &Value,
) -> Result<(), DataError> {
    sqlx::query!(
        r#"SELECT app.notify_bidders($1, $2, $3, $4) AS "notified!""#,
        project.as_uuid(),
        kind,
        occasion,
        payload,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(())
}
