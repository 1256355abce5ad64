//! Addenda: what changed in a project after it was announced, and who has to learn of it.

use portal_domain::ids::{AddendumId, ProjectId, UserId};
use portal_domain::listing::Moment;
use portal_domain::project::Addendum;
use serde_json::{Value, json};
use uuid::Uuid;

use super::LockedProject;
use crate::{DataError, Tx};

/// Adds the next addendum of a locked project, and writes to everyone who has bid. Gives its id.
///
/// # Errors
/// [`DataError`] of a query.
pub async fn add_addendum(
    tx: &mut Tx,
    project: &LockedProject,
    author: UserId,
    summary: &str,
    changes: &Value,
) -> Result<AddendumId, DataError> {
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
    Ok(id.into())
}

/// The addenda of a project that the caller may see, the first one first: all of them, since bidders must know every one.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_addenda(tx: &mut Tx, project: ProjectId) -> Result<Vec<Addendum>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT a.id, a.project_id, a.number, a.summary, a.changes, a.created_by, a.created_at,
            (
                SELECT k.acknowledged_at FROM addendum_acknowledgements AS k
                WHERE k.addendum_id = a.id AND k.user_id = app.user_id()
            ) AS acknowledged_at,
            CASE WHEN (SELECT app.runs_project($1)) THEN (
                SELECT count(*) FROM addendum_acknowledgements AS k WHERE k.addendum_id = a.id
            ) END AS acknowledgement_count
        FROM addenda AS a
        WHERE a.project_id = $1
        ORDER BY a.number"#,
        project.as_uuid(),
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Addendum {
            id: row.id.into(),
            project_id: row.project_id.into(),
            number: row.number,
            summary: row.summary,
            changes: row.changes,
            created_by: row.created_by.into(),
            created_at: Moment(row.created_at),
            acknowledged_at: row.acknowledged_at.map(Moment),
            acknowledgement_count: row.acknowledgement_count,
        })
        .collect())
}

/// Notes that the caller, who has bid on its project, has seen an addendum; again does nothing.
///
/// # Errors
/// [`DataError::NotFound`] when there is no such addendum of a project that the caller has bid on, and those of the query.
pub async fn acknowledge(tx: &mut Tx, addendum: AddendumId, bidder: UserId) -> Result<(), DataError> {
    let found = sqlx::query_scalar!(
        r#"SELECT 1 AS "one!" FROM addenda WHERE id = $1 AND app.has_bid(project_id)"#,
        addendum.as_uuid(),
    );
    found.fetch_one(&mut *tx).await?;
    sqlx::query!(
        "INSERT INTO addendum_acknowledgements (addendum_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        addendum.as_uuid(),
        bidder.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
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
