//! Imports of projects: which opportunities of a source are projects already, and what the source has said of them last.

use portal_domain::ids::{ProjectId, UserId};
use portal_domain::project::{ExternalId, ProjectDetails, Source};
use serde_json::Value;

use super::write::as_json;
use crate::{DataError, Tx};

/// A project that an opportunity has become before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownProject {
    /// What the source calls it.
    pub external_id: String,
    /// The project.
    pub id: ProjectId,
    /// Whether people here have taken it away.
    pub is_deleted: bool,
    /// Whether it is known what the source has said of it last.
    pub is_noted: bool,
    /// The fields of which the source says something else than the last time, by their names in JSON.
    pub changed: Vec<String>,
}

/// Waits for other imports of a source, keeps them waiting until this transaction ends, and finds the projects that its
/// opportunities have become before. The caller has to be one who may run every project.
///
/// # Errors
/// [`DataError`] of a query.
pub async fn hold_source(
    tx: &mut Tx,
    source: &Source,
    opportunities: &[(&ExternalId, &ProjectDetails)],
) -> Result<Vec<KnownProject>, DataError> {
    sqlx::query!(
        r#"SELECT pg_advisory_xact_lock(hashtextextended('projects of ' || $1, 0))::text AS "nothing""#,
        source.as_str(),
    )
    .fetch_one(&mut *tx)
    .await?;
    let ids: Vec<String> = opportunities.iter().map(|(id, _)| id.to_string()).collect();
    let details: Vec<Value> = opportunities
        .iter()
        .map(|(_, details)| as_json(details))
        .collect::<Result<_, _>>()?;
    let rows = sqlx::query_file!("src/projects/known.sql", source.as_str(), &ids, &details)
        .fetch_all(&mut *tx)
        .await?;
    let known = rows.into_iter().map(|row| KnownProject {
        external_id: row.external_id,
        id: row.id.into(),
        is_deleted: row.is_deleted,
        is_noted: row.is_noted,
        changed: row.changed,
    });
    Ok(known.collect())
}

/// Notes what a source says of a project now.
///
/// # Errors
/// [`DataError::Denied`] for who may not run every project, and those of the query.
pub async fn note_source(
    tx: &mut Tx,
    project: ProjectId,
    details: &ProjectDetails,
    importer: UserId,
) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO imported_projects (project_id, details, imported_by) VALUES ($1, $2, $3)
        ON CONFLICT (project_id) DO UPDATE
        SET details = EXCLUDED.details, imported_by = EXCLUDED.imported_by, imported_at = now()",
        project.as_uuid(),
        as_json(details)?,
        importer.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}
