//! A construction project as its readers see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Day, Moment};
use crate::geo::LatLng;
use crate::ids::{ProjectId, UserId};
use crate::money::Cents;
use crate::project::{ProjectCategory, ProjectPriority, ProjectStatus, ProjectVisibility};

/// A project.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectListing {
    /// Its id.
    pub id: ProjectId,
    /// Its id where it was imported from.
    #[schema(required)]
    pub external_id: Option<String>,
    /// `MANUAL`, or where it was imported from.
    pub source: String,
    /// Who posted it.
    pub owner_id: UserId,
    /// Its title.
    pub title: String,
    /// What is to be built.
    pub description: String,
    /// The kind of work.
    pub category: ProjectCategory,
    /// The least that the owner expects to pay.
    #[schema(required)]
    pub budget_min_cents: Option<Cents>,
    /// The most that the owner will pay.
    #[schema(required)]
    pub budget_max_cents: Option<Cents>,
    /// What the work is thought to be worth.
    #[schema(required)]
    pub estimated_value_cents: Option<Cents>,
    /// The currency of the amounts (ISO 4217).
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// Where the money comes from.
    #[schema(required)]
    pub funding_source: Option<String>,
    /// The place in words.
    #[schema(required)]
    pub location: Option<String>,
    /// Street address.
    #[schema(required)]
    pub address: Option<String>,
    /// City.
    #[schema(required)]
    pub city: Option<String>,
    /// State.
    #[schema(required)]
    pub state: Option<String>,
    /// ZIP code.
    #[schema(required)]
    pub zip: Option<String>,
    /// Where it is.
    #[schema(required)]
    pub coordinates: Option<LatLng>,
    /// When the work begins.
    #[schema(required)]
    pub start_date: Option<Day>,
    /// When the work ends.
    #[schema(required)]
    pub end_date: Option<Day>,
    /// Until when bids are taken.
    #[schema(required)]
    pub deadline_date: Option<Moment>,
    /// What bidders must meet.
    pub requirements: Vec<String>,
    /// Skills that the work takes.
    pub skills_required: Vec<String>,
    /// Licence classes that the work takes.
    pub license_classes: Vec<String>,
    /// Years of experience that are asked for.
    #[schema(required, minimum = 0)]
    pub experience_years: Option<i32>,
    /// Whether a bond is asked for.
    pub bonding_required: bool,
    /// Insurance that is asked for.
    #[schema(value_type = Object)]
    pub insurance: serde_json::Value,
    /// Where it stands.
    pub status: ProjectStatus,
    /// How pressing it is.
    pub priority: ProjectPriority,
    /// Who may see it.
    pub visibility: ProjectVisibility,
    /// How many bids are taken at most.
    #[schema(required, minimum = 1)]
    pub max_applications: Option<i32>,
    /// How many bids there are; only the owner and staff are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, nullable = false)]
    pub application_count: Option<i32>,
    /// Whether a bid would be taken at this moment.
    pub accepting_applications: bool,
    /// Whom to ask.
    #[schema(required)]
    pub contact_name: Option<String>,
    /// Their e-mail address.
    #[schema(required)]
    pub contact_email: Option<String>,
    /// Their telephone.
    #[schema(required)]
    pub contact_phone: Option<String>,
    /// When it was announced.
    #[schema(required)]
    pub published_at: Option<Moment>,
    /// When bidding ended.
    #[schema(required)]
    pub closed_at: Option<Moment>,
    /// How many addenda it has.
    #[schema(minimum = 0)]
    pub addendum_count: i32,
    /// When it was entered.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
    /// Counts its changes.
    #[schema(minimum = 1)]
    pub version: i32,
}
