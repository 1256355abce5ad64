//! What staff write in a module.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{Line, Prose};

/// The longest module, in minutes.
const LONGEST: i32 = 10_000;

/// The part of a module that staff write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModuleDetails {
    /// Its title.
    #[schema(value_type = String, min_length = 1, max_length = 300)]
    pub title: Line<300>,
    /// What it teaches; shown to who takes the course.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 50_000)]
    pub content: Option<Prose<50_000>>,
    /// How long it takes, in minutes.
    #[schema(minimum = 1, maximum = 10_000)]
    pub duration_minutes: Option<i32>,
    /// Whether it counts towards the completion of the course; it does where this is left out.
    #[schema(required = false)]
    pub is_required: bool,
}

impl ModuleDetails {
    /// What is wrong with numbers, by the name of the field to change.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let outside = self
            .duration_minutes
            .is_some_and(|minutes| !(1..=LONGEST).contains(&minutes));
        if outside {
            vec![("durationMinutes", "must be from 1 to 10000")]
        } else {
            Vec::new()
        }
    }
}
