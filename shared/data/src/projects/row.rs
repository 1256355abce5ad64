//! A row of `project_listings`, and what it becomes.

use portal_domain::listing::{Day, Moment, ProjectListing};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::DataError;
use crate::columns::Table;

/// Where the rows come from, for errors.
pub(super) const TABLE: Table = Table("projects");

/// The columns that are shown.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) external_id: Option<String>,
    pub(super) source: String,
    pub(super) owner_id: Uuid,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) category: String,
    pub(super) budget_min_cents: Option<i64>,
    pub(super) budget_max_cents: Option<i64>,
    pub(super) estimated_value_cents: Option<i64>,
    pub(super) currency: String,
    pub(super) funding_source: Option<String>,
    pub(super) location: Option<String>,
    pub(super) address: Option<String>,
    pub(super) city: Option<String>,
    pub(super) state: Option<String>,
    pub(super) zip: Option<String>,
    pub(super) lat: Option<f64>,
    pub(super) lng: Option<f64>,
    pub(super) start_date: Option<Date>,
    pub(super) end_date: Option<Date>,
    pub(super) deadline_date: Option<OffsetDateTime>,
    pub(super) requirements: Vec<String>,
    pub(super) skills_required: Vec<String>,
    pub(super) license_classes: Vec<String>,
    pub(super) experience_years: Option<i32>,
    pub(super) bonding_required: bool,
    pub(super) insurance: serde_json::Value,
    pub(super) status: String,
    pub(super) priority: String,
    pub(super) visibility: String,
    pub(super) max_applications: Option<i32>,
    pub(super) application_count: Option<i32>,
    pub(super) accepting_applications: bool,
    pub(super) contact_name: Option<String>,
    pub(super) contact_email: Option<String>,
    pub(super) contact_phone: Option<String>,
    pub(super) published_at: Option<OffsetDateTime>,
    pub(super) closed_at: Option<OffsetDateTime>,
    pub(super) addendum_count: i32,
    pub(super) created_at: OffsetDateTime,
    pub(super) updated_at: OffsetDateTime,
    pub(super) version: i32,
    /// Metres from the middle of the circle; absent in other lists.
    pub(super) distance: Option<f64>,
}

impl TryFrom<Row> for ProjectListing {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            id: row.id.into(),
            external_id: row.external_id,
            source: row.source,
            owner_id: row.owner_id.into(),
            title: row.title,
            description: row.description,
            category: TABLE.word(&row.category)?,
            budget_min_cents: row
                .budget_min_cents
                .map(|cents| TABLE.amount(cents))
                .transpose()?,
            budget_max_cents: row
                .budget_max_cents
                .map(|cents| TABLE.amount(cents))
                .transpose()?,
            estimated_value_cents: row
                .estimated_value_cents
                .map(|cents| TABLE.amount(cents))
                .transpose()?,
            currency: row.currency,
            funding_source: row.funding_source,
            location: row.location,
            address: row.address,
            city: row.city,
            state: row.state,
            zip: row.zip,
            coordinates: crate::place::from_columns(TABLE.0, row.lat, row.lng)?,
            start_date: row.start_date.map(Day),
            end_date: row.end_date.map(Day),
            deadline_date: row.deadline_date.map(Moment),
            requirements: row.requirements,
            skills_required: row.skills_required,
            license_classes: row.license_classes,
            experience_years: row.experience_years,
            bonding_required: row.bonding_required,
            insurance: row.insurance,
            status: TABLE.word(&row.status)?,
            priority: TABLE.word(&row.priority)?,
            visibility: TABLE.word(&row.visibility)?,
            max_applications: row.max_applications,
            application_count: row.application_count,
            accepting_applications: row.accepting_applications,
            contact_name: row.contact_name,
            contact_email: row.contact_email,
            contact_phone: row.contact_phone,
            published_at: row.published_at.map(Moment),
            closed_at: row.closed_at.map(Moment),
            addendum_count: row.addendum_count,
            created_at: Moment(row.created_at),
            updated_at: Moment(row.updated_at),
            version: row.version,
        })
    }
}
