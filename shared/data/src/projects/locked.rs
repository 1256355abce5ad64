//! Projects that a transaction has taken hold of.

use portal_domain::ids::{ProjectId, UserId};
use portal_domain::listing::{Day, Moment};
use portal_domain::project::{ProjectDetails, ProjectStatus};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::row::TABLE;
use crate::{DataError, Tx};

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
    /// How many bids it has.
    pub application_count: i32,
    /// What its owner wrote.
    pub details: ProjectDetails,
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
        coordinates: crate::place::from_columns(TABLE.0, row.lat, row.lng)?,
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
        application_count: row.application_count,
        details,
    }))
}

/// A value of the domain from a column; what does not fit is a defect.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T, DataError> {
    serde_json::from_value(value).map_err(|error| TABLE.corrupt(&error))
}
