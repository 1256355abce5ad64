//! Which open projects suit the caller.

use portal_domain::geo::Distance;
use portal_domain::ids::ProjectId;
use portal_domain::listing::{Moment, ProjectListing};
use portal_domain::project::{MatchGrounds, MatchScore, ProjectMatch};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::arguments::Arguments;
use super::{ProjectFilters, instant, lookup, micros};
use crate::{DataError, Tx};

/// Where a list of matches goes on: after this score, in tenths, and this id; and when the list was scored, in microseconds since
/// 1970, since the time that is left to bid is part of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchPosition {
    tenths: i32,
    id: ProjectId,
    scored_micros: i64,
}

impl MatchPosition {
    /// Where a list goes on after this match.
    #[must_use]
    pub fn after(found: &FoundMatch) -> Self {
        Self {
            tenths: found.tenths,
            id: found.shown.project.id,
            scored_micros: micros(found.scored_at),
        }
    }
}

/// A match, and its score as it is sorted by.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundMatch {
    /// What is shown.
    pub shown: ProjectMatch,
    tenths: i32,
    scored_at: Moment,
}

/// A page of the open projects that suit the caller, best first, and how many there are among those looked at. `app.matching_projects`
/// says which those are and how they are scored.
///
/// # Errors
/// [`DataError`] of a query.
pub async fn list_matches(
    tx: &mut Tx,
    after: Option<MatchPosition>,
    limit: i64,
) -> Result<(Vec<FoundMatch>, i64), DataError> {
    let scored = sqlx::query!(
        r#"SELECT id AS "id!", tenths AS "tenths!", matches AS "matches!", distance, matched_skills AS "matched_skills!",
                  matched_classes AS "matched_classes!", licence_years, is_bonded AS "is_bonded!", scored_at AS "scored_at!",
                  skills_score AS "skills_score!", class_score AS "class_score!", distance_score AS "distance_score!",
                  budget_score AS "budget_score!", capacity_score AS "capacity_score!", time_score AS "time_score!"
           FROM app.matching_projects($1, $2, $3, $4)"#,
        after.map(|after| after.tenths),
        after.map(|after| after.id.as_uuid()),
        limit,
        after.map(|after| instant(after.scored_micros)),
    )
    .fetch_all(&mut *tx)
    .await?;
    let ids: Vec<Uuid> = scored.iter().map(|row| row.id).collect();
    let total = scored.first().map_or(0, |row| row.matches);
    let mut projects = lookup::with_ids(tx, &Arguments::of(&ProjectFilters::default()), &ids).await?;
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
            capacity: row.capacity_score,
            time: row.time_score,
        };
        let grounds = MatchGrounds {
            distance: row.distance.map(Distance::from_metres),
            skills: row.matched_skills,
            classes: row.matched_classes,
            licence_years: row.licence_years,
            is_bonded: row.is_bonded,
        };
        Some(FoundMatch {
            shown: ProjectMatch::new(project, f64::from(row.tenths) / 10.0, score, grounds),
            tenths: row.tenths,
            scored_at: Moment(row.scored_at),
        })
    });
    Ok((found.collect(), total))
}
