//! What the checks of the function `health` found last, what people were told of it, and how jobs ended.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::listing::Moment;
use crate::words::words;

words! {
    /// How something is.
    CheckStatus {
        /// Nothing is wrong.
        Ok = "OK",
        /// People were told that something is wrong.
        Alert = "ALERT",
        /// It was not looked at.
        Unknown = "UNKNOWN",
        /// It was looked at too long ago.
        Stale = "STALE",
    }
}

words! {
    /// On which side of a threshold something is wrong.
    Direction {
        /// Above it.
        Above = "ABOVE",
        /// Below it.
        Below = "BELOW",
        /// There is no threshold.
        None = "NONE",
    }
}

words! {
    /// In what a value is measured.
    Unit {
        /// A number of things.
        Count = "COUNT",
        /// Bytes.
        Bytes = "BYTES",
        /// 1,048,576 bytes.
        Megabytes = "MEGABYTES",
        /// Milliseconds.
        Milliseconds = "MILLISECONDS",
        /// Seconds.
        Seconds = "SECONDS",
        /// Minutes.
        Minutes = "MINUTES",
        /// Hours.
        Hours = "HOURS",
        /// Hundredths of a whole.
        Percent = "PERCENT",
    }
}

words! {
    /// How far the run of a job has come.
    JobState {
        /// It runs, or has died.
        Running = "RUNNING",
        /// It has done what it is for.
        Completed = "COMPLETED",
        /// It has not.
        Failed = "FAILED",
    }
}

/// What the checks found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HealthReport {
    /// `ALERT` while anything is wrong, `STALE` when nobody has looked for a quarter of an hour.
    pub status: CheckStatus,
    /// When it was last looked at.
    #[schema(required)]
    pub measured_at: Option<Moment>,
    /// Every check.
    pub checks: Vec<CheckListing>,
    /// The last run of every job.
    pub jobs: Vec<JobListing>,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckListing {
    /// Its name.
    pub name: String,
    /// How that is which it looks at.
    pub status: CheckStatus,
    /// The worst value.
    #[schema(required)]
    pub value: Option<f64>,
    /// Beyond what something is wrong.
    #[schema(required)]
    pub threshold: Option<f64>,
    /// On which side of it.
    pub direction: Direction,
    /// In what it is measured.
    pub unit: Unit,
    /// Since when something is wrong.
    #[schema(required)]
    pub since: Option<Moment>,
    /// What it means.
    pub meaning: String,
    /// What to do about it.
    pub runbook: String,
    /// What it looks at, one by one.
    pub subjects: Vec<SubjectListing>,
}

/// One of the things that a check looks at.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubjectListing {
    /// Which; empty where there is one.
    pub subject: String,
    /// The value.
    pub value: f64,
    /// What else was found.
    #[schema(value_type = Object)]
    pub details: Value,
    /// Since when people know that something is wrong with it.
    #[schema(required)]
    pub alert_since: Option<Moment>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertListing {
    /// The check.
    pub check: String,
    /// Which of several things.
    pub subject: String,
    /// The last value beyond the threshold.
    pub value: f64,
    /// The threshold.
    pub threshold: f64,
    /// Since when.
    pub started_at: Moment,
}

/// One run of a job.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobListing {
    /// Its id.
    pub run_id: Uuid,
    /// The job.
    pub job: String,
    /// How far it has come.
    pub state: JobState,
    /// When it began.
    pub started_at: Moment,
    /// When it ended.
    #[schema(required)]
    pub finished_at: Option<Moment>,
    /// Why it failed.
    #[schema(required)]
    pub error: Option<String>,
    /// What it did.
    #[schema(value_type = Object)]
    pub details: Value,
}
