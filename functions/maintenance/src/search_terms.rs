//! The step `search-terms`: brings the dictionary of the search up to date, by which misspelt words are corrected and begun ones
//! completed.
//!
//! Each kind is committed by itself and only differences are written, so a run that is cut short is simply run again.

use std::collections::BTreeMap;

use portal_data::metrics::{Metrics, Unit};
use portal_data::search::{TermCounts, refresh_terms};
use portal_domain::search::SearchType;
use serde_json::{Value, json};

use crate::error::MaintenanceError;
use crate::handler::Work;

/// The kinds whose words are kept; members' never are.
const KINDS: [SearchType; 4] = [
    SearchType::Contractor,
    SearchType::Project,
    SearchType::Event,
    SearchType::Course,
];

/// Refreshes one kind after the other, until the deadline.
pub(crate) async fn run(work: &Work<'_>) -> Result<Value, MaintenanceError> {
    let mut done: BTreeMap<&str, TermCounts> = BTreeMap::new();
    for kind in KINDS {
        if work.deadline.has_come() {
            break;
        }
        let mut tx = work.begin().await?;
        done.insert(kind.as_str(), refresh_terms(&mut tx, &[kind]).await?);
        tx.commit().await?;
    }
    let written = done
        .values()
        .map(|counts| counts.added + counts.changed + counts.removed);
    Metrics::new()
        .dimension("Job", "search-terms")
        .metric("TermsWritten", Unit::Count, written.sum::<i64>().unsigned_abs())
        .emit(work.now);
    Ok(json!({ "kinds": done, "complete": done.len() == KINDS.len() }))
}
