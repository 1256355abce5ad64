//! Projects: what was posted, what was bid, and what came of it.

use serde::Serialize;
use utoipa::ToSchema;

use super::ReportFrame;
use crate::listing::Day;
use crate::project::ProjectStatus;

/// The projects of each period, and where all of them stand.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectsReport {
    /// What it is of.
    #[serde(flatten)]
    pub frame: ReportFrame,
    /// The periods, the earliest first.
    pub periods: Vec<ProjectPeriod>,
    /// How many projects stand where now, every status once.
    pub pipeline: Vec<PipelineStep>,
}

/// The projects of one period.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectPeriod {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// Projects that were entered.
    pub created: i64,
    /// Projects that were announced.
    pub published: i64,
    /// Projects whose bidding ended, or that were called off.
    pub closed: i64,
    /// Bids that were made.
    pub bids: i64,
    /// By how many members.
    pub bidders: i64,
    /// Bids that were chosen.
    pub awards: i64,
    /// What was bid in those, in cents of US dollars.
    pub awarded_cents: i64,
    /// Of the projects that were announced in the period, those that are awarded or completed now.
    pub awarded_projects: i64,
    /// Of the same, those that are called off now.
    pub cancelled_projects: i64,
    /// Of the same that are awarded, completed or called off, the share that is not called off.
    #[schema(required)]
    pub award_rate: Option<f64>,
    /// The bids on the same that were not withdrawn, for each of them.
    #[schema(required)]
    pub bids_per_project: Option<f64>,
}

/// The projects of one status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PipelineStep {
    /// The status.
    pub status: ProjectStatus,
    /// How many.
    pub projects: i64,
    /// What they are thought to cost, in cents of US dollars.
    pub estimated_value_cents: i64,
    /// The bids on them that were not withdrawn.
    pub bids: i64,
}
