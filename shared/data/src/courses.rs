//! Courses and their modules: lists and single ones through the views `course_listings` and `module_listings`, writes to the tables
//! themselves.

#[macro_use]
mod filtered;
mod list;
mod locked;
mod modules;
mod row;
mod write;

use portal_domain::course::Difficulty;
use portal_domain::ids::CourseId;
use portal_domain::listing::CourseListing;
use serde::{Deserialize, Serialize};

use crate::projects::micros;

pub use list::{list, lookup, total};
pub use locked::{LockedCourse, hold, lock};
pub use modules::{
    LockedModule, ModulePosition, add_module, change_module, count_modules, list_modules, lock_module,
    lookup_module, order_modules, remove_module,
};
pub use write::{add, change};

/// Which courses a list shows. Values of one field are alternatives, fields narrow each other, and what is empty or absent filters
/// nothing.
#[derive(Clone, Debug, Default)]
pub struct CourseFilters {
    /// What kinds, in any case.
    pub categories: Vec<String>,
    /// What they ask of who takes them.
    pub difficulties: Vec<Difficulty>,
    /// Whether they are in the catalogue.
    pub is_published: Option<bool>,
    /// Words of the title, the description or the category, as a search engine takes them.
    pub search: Option<String>,
}

/// Where a list goes on: after the course that was published or entered then, in microseconds since 1970, and this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoursePosition {
    listed_micros: i64,
    id: CourseId,
}

impl CoursePosition {
    /// Where a list goes on after this course.
    #[must_use]
    pub fn after(course: &CourseListing) -> Self {
        Self {
            listed_micros: micros(course.published_at.unwrap_or(course.created_at)),
            id: course.id,
        }
    }
}
