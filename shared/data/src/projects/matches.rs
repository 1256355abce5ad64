//! Which open projects suit the caller.

use portal_domain::geo::Distance;
use portal_domain::ids::ProjectId;
use portal_domain::listing::ProjectListing;
use portal_domain::project::{MatchScore, ProjectMatch};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::arguments::Arguments;
use super::{ProjectFilters, list};
use crate::{DataError, Tx};

/// Where a list of matches goes on: after this score, in tenths, and this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchPosition {
    tenths: i32,
    id: ProjectId,
}

impl MatchPosition {
    /// Where a list goes on after this match.
    #[must_use]
    pub fn after(found: &FoundMatch) -> Self {
        Self {
            tenths: found.tenths,
            id: found.shown.project.id,
        }
    }
}

/// A match, and its score as it is sorted by.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundMatch {
    /// What is shown.
    pub shown: ProjectMatch,
    tenths: i32,
}

/// A page of the open projects that suit the caller, best first, and how many there are among those looked at. `matches.sql`
/// says which those are and how they are scored.
///
/// # Errors
/// [`DataError`] of a query.
pub async fn list_matches(
    tx: &mut Tx,
    after: Option<MatchPosition>,
    limit: i64,
) -> Result<(Vec<FoundMatch>, i64), DataError> {
    let scored = sqlx::query_file!(
        "src/projects/matches.sql",
        after.map(|after| after.tenths),
        after.map(|after| after.id.as_uuid()),
        limit,
    )
    .fetch_all(&mut *tx)
    .await?;
    let ids: Vec<Uuid> = scored.iter().map(|row| row.id).collect();
    let total = scored.first().map_or(0, |row| row.matches);
    let mut projects = list::with_ids(tx, &Arguments::of(&ProjectFilters::default()), &ids).await?;
    let found = scored.into_iter().filter_map(|row| {
        let place = projects
            .iter()
            .position(|project: &ProjectListing| project.id.as_uuid() == row.id)?;
        let project = projects.swap_remove(place);
        let score = MatchScore {
            skills: row.skills_score,
            class: row.class_score,
            distance: row.distance_score,
            budget: row.budget_score,
            time: row.time_score,
        };
        let shown = ProjectMatch::new(
            project,
            f64::from(row.tenths) / 10.0,
            score,
            row.distance.map(Distance::from_metres),
            row.matched_skills,
            row.matched_classes,
        );
        Some(FoundMatch {
            shown,
            tenths: row.tenths,
        })
    });
    Ok((found.collect(), total))
}
