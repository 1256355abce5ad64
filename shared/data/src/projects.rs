//! Construction projects: lists and single ones through the view `project_listings`, writes to the table itself.

#[macro_use]
mod filtered;
mod addenda;
mod arguments;
mod count;
mod files;
mod imports;
mod invitations;
mod list;
mod locked;
mod lookup;
mod matches;
mod near;
mod row;
mod write;

use portal_domain::bounding_box::BoundingBox;
use portal_domain::geo::{Distance, LatLng};
use portal_domain::ids::ProjectId;
use portal_domain::listing::{Moment, ProjectListing};
use portal_domain::money::Cents;
use portal_domain::project::{ProjectCategory, ProjectStatus};
use serde::{Deserialize, Serialize};

pub use crate::place::ExactMetres;
pub use addenda::{acknowledge, add_addendum, list_addenda, notify_bidders};
pub use count::total;
pub use files::{
    FilePosition, KeptFile, NewFile, add_file, count_files, list_files, lookup_file, remove_file,
};
pub use imports::{KnownProject, hold_source, note_source};
pub use invitations::{invite, list_invitations, notify_invited, uninvite};
pub use list::{list_by_deadline, list_newest};
pub use locked::{LockedProject, lock};
pub use lookup::lookup;
pub use matches::{FoundMatch, MatchPosition, list_matches};
pub use near::list_near;
pub use write::{add, change, move_to, remove};

/// Which projects a list shows. Values of one field are alternatives, fields narrow each other, and what is empty or absent
/// filters nothing.
#[derive(Clone, Debug, Default)]
pub struct ProjectFilters {
    /// Where the projects stand. A list names at least one.
    pub statuses: Vec<ProjectStatus>,
    /// Kinds of work.
    pub categories: Vec<ProjectCategory>,
    /// Cities, in any case.
    pub cities: Vec<String>,
    /// States, in any case.
    pub states: Vec<String>,
    /// Skills, of which a project asks for at least one.
    pub skills: Vec<String>,
    /// Licence classes, of which a project asks for at least one.
    pub classes: Vec<String>,
    /// What the owner pays at most is no less than this.
    pub budget_min: Option<Cents>,
    /// What the owner pays at least is no more than this.
    pub budget_max: Option<Cents>,
    /// The deadline is before this.
    pub deadline_before: Option<Moment>,
    /// The deadline is after this.
    pub deadline_after: Option<Moment>,
    /// Words of the title, the description, the skills, the classes or the city, as a search engine takes them.
    pub search: Option<String>,
    /// The circle that a project stands in.
    pub area: Option<(LatLng, Distance)>,
    /// The box that a project stands in.
    pub bounds: Option<BoundingBox>,
}

/// Where a list of the newest goes on: after this entry, in microseconds since 1970, and this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewestPosition {
    /// When the last project that was shown was entered.
    pub created_micros: i64,
    /// Its id.
    pub id: ProjectId,
}

/// Where a list by deadline goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlinePosition {
    /// The deadline of the last project that was shown, in microseconds since 1970; those without one come last.
    pub deadline_micros: Option<i64>,
    /// Its id.
    pub id: ProjectId,
}

/// Where a list by distance goes on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistancePosition {
    /// The distance of the last project that was shown.
    pub metres: ExactMetres,
    /// Its id.
    pub id: ProjectId,
}

/// A project with its distance from the middle of the circle.
#[derive(Clone, Debug, PartialEq)]
pub struct NearbyProject {
    /// The project.
    pub project: ProjectListing,
    /// How far it is, as the database measures it.
    pub distance: Distance,
}

impl NearbyProject {
    /// Where a list goes on after this project.
    #[must_use]
    pub fn position(&self) -> DistancePosition {
        DistancePosition {
            metres: ExactMetres(self.distance.metres()),
            id: self.project.id,
        }
    }
}

impl NewestPosition {
    /// Where a list of the newest goes on after a project.
    #[must_use]
    pub fn after(project: &ProjectListing) -> Self {
        Self {
            created_micros: micros(project.created_at),
            id: project.id,
        }
    }
}

impl DeadlinePosition {
    /// Where a list by deadline goes on after a project.
    #[must_use]
    pub fn after(project: &ProjectListing) -> Self {
        Self {
            deadline_micros: project.deadline_date.map(micros),
            id: project.id,
        }
    }
}

/// Microseconds since 1970, which is as fine as the database keeps time.
pub(crate) fn micros(moment: Moment) -> i64 {
    i64::try_from(moment.0.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

/// The instant of a position; one out of all range means the beginning of time.
pub(crate) fn instant(micros: i64) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000)
        .unwrap_or(time::OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_reads_back_the_same_instant() {
        for text in ["2026-08-24T17:00:00.123456Z", "1969-12-31T23:59:59.999999Z"] {
            let moment: Moment = text.parse().unwrap();
            assert_eq!(instant(micros(moment)), moment.0);
        }
    }
}
