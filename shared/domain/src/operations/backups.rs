//! Backups and what proves them.

use serde::Serialize;
use utoipa::ToSchema;

use super::{AlertListing, JobListing};
use crate::backup::BackupState;
use crate::ids::BackupId;
use crate::listing::Moment;

/// One backup.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BackupListing {
    /// Its id.
    pub id: BackupId,
    /// What has become of it.
    pub state: BackupState,
    /// When it was begun.
    pub started_at: Moment,
    /// When it was written, or given up.
    #[schema(required)]
    pub finished_at: Option<Moment>,
    /// How large the dump is.
    #[schema(required)]
    pub size_bytes: Option<i64>,
    /// Where it lies in the backups bucket.
    pub object_key: String,
    /// When a drill last restored it.
    #[schema(required)]
    pub proven_at: Option<Moment>,
    /// How long that took, from an empty database to one that serves.
    #[schema(required)]
    pub restore_seconds: Option<f64>,
    /// Why it failed.
    #[schema(required)]
    pub error: Option<String>,
}

/// What there is to know of all backups together.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BackupSummary {
    /// The newest that could be restored.
    #[schema(required)]
    pub newest: Option<BackupAge>,
    /// The newest that was restored once and was whole.
    #[schema(required)]
    pub newest_proven: Option<BackupAge>,
    /// The last drill.
    #[schema(required)]
    pub last_drill: Option<JobListing>,
    /// What people were told is wrong with backups, while it is.
    #[schema(required)]
    pub alert: Option<AlertListing>,
}

/// How old a backup is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BackupAge {
    /// Its id.
    pub id: BackupId,
    /// The moment that it is of.
    pub at: Moment,
    /// How long ago that is.
    pub age_seconds: i64,
    /// How large it is.
    #[schema(required)]
    pub size_bytes: Option<i64>,
}
