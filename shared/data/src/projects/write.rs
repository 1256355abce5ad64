//! Projects as their owners write them, under the policies of the table.

use portal_domain::ids::{ProjectId, UserId};
use portal_domain::listing::{Day, Moment};
use portal_domain::money::Cents;
use portal_domain::project::{ProjectDetails, ProjectStatus};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::place::as_geography;
use crate::single_row::one;
use crate::{DataError, Tx};

const TABLE: &str = "projects";

/// A project that this transaction alone can change.
#[derive(Clone, Debug, PartialEq)]
pub struct LockedProject {
    /// Its id.
    pub id: ProjectId,
    /// Who posted it.
    pub owner_id: UserId,
    /// Where it stands.
    pub status: ProjectStatus,
    /// The row's version.
    pub version: i32,
    /// How many addenda it has.
    pub addendum_count: i32,
    /// What its owner wrote.
    pub details: ProjectDetails,
}

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

/// Adds a draft.
///
/// # Errors
/// [`DataError::Denied`] for a caller who may not post projects, and those of the query.
pub async fn add(
    tx: &mut Tx,
    id: ProjectId,
    owner: UserId,
    details: &ProjectDetails,
) -> Result<(), DataError> {
    let added = with_details!("src/projects/add.sql", details, id.as_uuid(), owner.as_uuid());
    added.execute(&mut *tx).await?;
    Ok(())
}

/// Takes hold of a project for a change; nothing where the caller may not change it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lock(tx: &mut Tx, id: ProjectId) -> Result<Option<LockedProject>, DataError> {
    let row = sqlx::query_file!("src/projects/lock.sql", id.as_uuid())
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let details = ProjectDetails {
        title: typed(json!(row.title))?,
        description: typed(json!(
            Some(row.description).filter(|text| !text.trim().is_empty())
        ))?,
        category: typed(json!(row.category))?,
        budget_min_cents: typed(json!(row.budget_min_cents))?,
        budget_max_cents: typed(json!(row.budget_max_cents))?,
        estimated_value_cents: typed(json!(row.estimated_value_cents))?,
        funding_source: typed(json!(row.funding_source))?,
        location: typed(json!(row.location))?,
        address: typed(json!(row.address))?,
        city: typed(json!(row.city))?,
        state: typed(json!(row.state))?,
        zip: typed(json!(row.zip))?,
        coordinates: crate::place::from_columns(TABLE, row.lat, row.lng)?,
        start_date: row.start_date.map(Day),
        end_date: row.end_date.map(Day),
        deadline_date: row.deadline_date.map(Moment),
        requirements: typed(json!(row.requirements))?,
        skills_required: typed(json!(row.skills_required))?,
        license_classes: typed(json!(row.license_classes))?,
        experience_years: row.experience_years,
        bonding_required: row.bonding_required,
        insurance: typed(row.insurance)?,
        priority: typed(json!(row.priority))?,
        visibility: typed(json!(row.visibility))?,
        max_applications: row.max_applications,
        contact_name: typed(json!(row.contact_name))?,
        contact_email: typed(json!(row.contact_email))?,
        contact_phone: typed(json!(row.contact_phone))?,
    };
    Ok(Some(LockedProject {
        id,
        owner_id: row.owner_id.into(),
        status: typed(json!(row.status))?,
        version: row.version,
        addendum_count: row.addendum_count,
        details,
    }))
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

/// A value of the domain from a column; what does not fit is a defect.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T, DataError> {
    serde_json::from_value(value).map_err(|error| DataError::Corrupt {
        table: TABLE,
        reason: error.to_string(),
    })
}
