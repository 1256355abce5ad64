//! Projects as their owners write them, under the policies of the table.

use portal_domain::ids::{ProjectId, UserId};
use portal_domain::money::Cents;
use portal_domain::project::{Origin, ProjectDetails, ProjectStatus};
use serde_json::Value;

use crate::place::as_geography;
use crate::single_row::one;
use crate::{DataError, Tx};

/// A statement of this folder with the columns of the details, in their order, as its first arguments.
macro_rules! with_details {
    ($file:literal, $details:expr, $($argument:expr),+) => {
        sqlx::query_file!(
            $file,
            &*$details.title,
            $details.description.as_deref().unwrap_or_default(),
            $details.category.as_str(),
            $details.budget_min_cents.map(Cents::get),
            $details.budget_max_cents.map(Cents::get),
            $details.estimated_value_cents.map(Cents::get),
            $details.funding_source.as_deref(),
            $details.location.as_deref(),
            $details.address.as_deref(),
            $details.city.as_deref(),
            $details.state.as_deref(),
            $details.zip.as_deref(),
            $details.coordinates.map(as_geography),
            $details.start_date.map(|day| day.0),
            $details.end_date.map(|day| day.0),
            $details.deadline_date.map(|moment| moment.0),
            &texts(&$details.requirements),
            &texts(&$details.skills_required),
            &texts(&$details.license_classes),
            $details.experience_years,
            $details.bonding_required,
            serde_json::Value::Object($details.insurance.clone()),
            $details.priority.as_str(),
            $details.visibility.as_str(),
            $details.max_applications,
            $details.contact_name.as_deref(),
            $details.contact_email.as_deref(),
            $details.contact_phone.as_deref(),
            $($argument),+
        )
    };
}

/// Adds a draft, which has an origin if it was imported.
///
/// # Errors
/// [`DataError::Denied`] for a caller who may not post projects, and those of the query.
pub async fn add(
    tx: &mut Tx,
    id: ProjectId,
    owner: UserId,
    details: &ProjectDetails,
    origin: Option<&Origin>,
) -> Result<(), DataError> {
    let added = with_details!(
        "src/projects/add.sql",
        details,
        id.as_uuid(),
        owner.as_uuid(),
        origin.map(|origin| origin.source.as_str()),
        origin.map(|origin| &*origin.external_id)
    );
    added.execute(&mut *tx).await?;
    Ok(())
}

/// Writes the details of a project that this transaction has locked.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the query.
pub async fn change(tx: &mut Tx, id: ProjectId, details: &ProjectDetails) -> Result<(), DataError> {
    let changed = with_details!("src/projects/change.sql", details, id.as_uuid());
    one(changed.execute(&mut *tx).await?.rows_affected())
}

/// Brings a locked project from one state to the next, and notes when it was published or closed.
///
/// # Errors
/// [`DataError::NotFound`] when it does not stand where the caller thinks, and those of the query.
pub async fn move_to(
    tx: &mut Tx,
    id: ProjectId,
    from: ProjectStatus,
    to: ProjectStatus,
) -> Result<(), DataError> {
    let moved = sqlx::query!(
        "UPDATE projects
        SET status = $3,
            published_at = CASE WHEN $3 = 'PUBLISHED' THEN now() ELSE published_at END,
            closed_at = CASE
                WHEN $3 = 'BIDDING_OPEN' THEN NULL
                WHEN $3 = 'BIDDING_CLOSED' OR $3 = 'CANCELLED' THEN COALESCE(closed_at, now())
                ELSE closed_at
            END
        WHERE id = $1 AND status = $2 AND deleted_at IS NULL",
        id.as_uuid(),
        from.as_str(),
        to.as_str(),
    );
    one(moved.execute(&mut *tx).await?.rows_affected())
}

/// Takes a project away; its row stays for those who were part of it.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the query.
pub async fn remove(tx: &mut Tx, id: ProjectId) -> Result<(), DataError> {
    let removed = sqlx::query!(
        "UPDATE projects SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL",
        id.as_uuid(),
    );
    one(removed.execute(&mut *tx).await?.rows_affected())
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

/// Details as they are in JSON.
pub(super) fn as_json(details: &ProjectDetails) -> Result<Value, DataError> {
    serde_json::to_value(details).map_err(|error| DataError::Corrupt {
        table: "imported_projects",
        reason: error.to_string(),
    })
}
