//! Outreach: where the licensed firms are that are not members yet, and how far staff have come with them.

use serde::Serialize;
use utoipa::ToSchema;

use super::ReportFrame;
use crate::listing::Day;

/// How the outreach stands, by county and class, and what was done in each period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutreachReport {
    /// What it is of.
    #[serde(flatten)]
    pub frame: ReportFrame,
    /// The periods, the earliest first.
    pub periods: Vec<OutreachPeriod>,
    /// Every county, in the order of its name; firms without one last.
    pub by_county: Vec<CountyStandings>,
    /// Every class, in the order of its code; a firm with two classes counts in both.
    pub by_class: Vec<ClassStandings>,
    /// All firms together.
    pub totals: Standings,
}

/// Firms whose outreach was last changed in one period, as they stand now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutreachPeriod {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// How many.
    pub changed: i64,
    /// Of those, contacted.
    pub contacted: i64,
    /// Interested.
    pub interested: i64,
    /// Not interested.
    pub not_interested: i64,
    /// Joined.
    pub joined: i64,
    /// Not to be contacted.
    pub do_not_contact: i64,
}

/// The firms of one county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CountyStandings {
    /// The county; null where the state names none.
    #[schema(required)]
    pub county: Option<String>,
    /// What was counted.
    #[serde(flatten)]
    pub standings: Standings,
}

/// The firms of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClassStandings {
    /// The class of the licence.
    #[schema(example = "C-10")]
    pub class: String,
    /// What was counted.
    #[serde(flatten)]
    pub standings: Standings,
}

/// Firms by where they stand; those whose licence has vanished from the state's file are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Standings {
    /// All of them.
    pub licences: i64,
    /// Firms whose licence a member has claimed.
    pub members: i64,
    /// The others.
    pub not_members: i64,
    /// Nobody has spoken with them yet.
    pub new: i64,
    /// They were contacted.
    pub contacted: i64,
    /// They are interested.
    pub interested: i64,
    /// They are not.
    pub not_interested: i64,
    /// They have joined.
    pub joined: i64,
    /// They do not want to be contacted.
    pub do_not_contact: i64,
}
