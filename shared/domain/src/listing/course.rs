//! A course and its modules as their readers see them.

use serde::Serialize;
use utoipa::ToSchema;

use super::Moment;
use crate::course::Difficulty;
use crate::ids::{CourseId, ModuleId, UserId};
use crate::money::Cents;

/// A course.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CourseListing {
    /// Its id.
    pub id: CourseId,
    /// Who wrote it.
    pub author_id: UserId,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// What kind it is.
    pub category: String,
    /// What it asks of who takes it.
    pub difficulty: Difficulty,
    /// How long it takes, in minutes.
    #[schema(required, minimum = 1)]
    pub duration_minutes: Option<i32>,
    /// What it costs.
    pub price_cents: Cents,
    /// What it costs members whose membership is in force.
    #[schema(required)]
    pub member_price_cents: Option<Cents>,
    /// The currency of the prices (ISO 4217).
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// How many in a hundred of the required modules complete it.
    #[schema(minimum = 1, maximum = 100)]
    pub completion_percent: i32,
    /// For how many months a certificate is good; null for ever.
    #[schema(required, minimum = 1)]
    pub certificate_valid_months: Option<i32>,
    /// Whether it is in the catalogue.
    pub is_published: bool,
    /// When it was first published.
    #[schema(required)]
    pub published_at: Option<Moment>,
    /// When it was entered.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
    /// Counts its changes.
    #[schema(minimum = 1)]
    pub version: i32,
}

/// A module of a course.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModuleListing {
    /// Its id.
    pub id: ModuleId,
    /// The course.
    pub course_id: CourseId,
    /// Its place in the course, 1 for the first.
    #[schema(minimum = 1)]
    pub position: i32,
    /// Its title.
    pub title: String,
    /// What it teaches; null for who does not take the course, or has not paid yet.
    #[schema(required)]
    pub content: Option<String>,
    /// How long it takes, in minutes.
    #[schema(required, minimum = 1)]
    pub duration_minutes: Option<i32>,
    /// Whether it counts towards the completion of the course.
    pub is_required: bool,
    /// When it was entered.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
    /// Counts its changes.
    #[schema(minimum = 1)]
    pub version: i32,
}
