//! Changes to a project that has been announced.

use serde::Serialize;
use utoipa::ToSchema;

use crate::ids::{AddendumId, ProjectId, UserId};
use crate::listing::Moment;

/// A change that every bidder has to learn of.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Addendum {
    /// Its id.
    pub id: AddendumId,
    /// The project.
    pub project_id: ProjectId,
    /// Counted from 1 within the project.
    #[schema(minimum = 1)]
    pub number: i32,
    /// What has changed, in words.
    pub summary: String,
    /// What has changed, by field.
    #[schema(value_type = Object)]
    pub changes: serde_json::Value,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Moment,
    /// When the caller acknowledged it.
    #[schema(required)]
    pub acknowledged_at: Option<Moment>,
    /// How many bidders have acknowledged it; only for those who run the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, nullable = false)]
    pub acknowledgement_count: Option<i64>,
}
