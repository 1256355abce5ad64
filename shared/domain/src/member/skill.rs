//! What a member can do, and how well.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use crate::object::Object;
use crate::text::Line;
use crate::words::words;

/// The most skills that a member may list.
const MOST: usize = 50;

words! {
    /// How well a member can do something.
    SkillLevel {
        /// Has begun to learn it.
        Beginner = "BEGINNER",
        /// Does it with help.
        Intermediate = "INTERMEDIATE",
        /// Does it alone.
        Advanced = "ADVANCED",
        /// Teaches it.
        Expert = "EXPERT",
    }
}

impl SkillLevel {
    /// This level and those above it.
    #[must_use]
    pub fn and_above(self) -> Vec<Self> {
        let below = |level: &&Self| **level != self;
        Self::ALL.iter().skip_while(below).copied().collect()
    }
}

/// A skill of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Skill {
    /// Its name, as the vocabulary has it.
    pub skill: String,
    /// How well.
    pub level: SkillLevel,
    /// Whether staff have checked it.
    pub verified: bool,
}

/// A skill as a member claims it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillClaim {
    /// Its name, as `GET /v1/skills` has it.
    #[schema(value_type = String, min_length = 1, max_length = 80)]
    pub skill: Line<80>,
    /// How well.
    pub level: SkillLevel,
}

/// Why skills are no set.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SkillSetError {
    /// More than there is room for.
    #[error("must have at most {MOST} entries")]
    TooMany,
    /// One skill has two entries.
    #[error("must name each skill once: {0} stands there again")]
    Twice(String),
}

/// Everything that a member claims to be able to do: at most 50 skills, each once.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<Object<SkillClaim>>")]
pub struct SkillSet(Vec<SkillClaim>);

impl SkillSet {
    /// The skills, as they were sent.
    #[must_use]
    pub fn claims(&self) -> &[SkillClaim] {
        &self.0
    }
}

impl TryFrom<Vec<Object<SkillClaim>>> for SkillSet {
    type Error = SkillSetError;

    fn try_from(claims: Vec<Object<SkillClaim>>) -> Result<Self, SkillSetError> {
        let claims: Vec<_> = claims.into_iter().map(|claim| claim.0).collect();
        if claims.len() > MOST {
            return Err(SkillSetError::TooMany);
        }
        let mut seen = HashSet::new();
        match claims.iter().find(|claim| !seen.insert(&*claim.skill)) {
            Some(again) => Err(SkillSetError::Twice(again.skill.to_string())),
            None => Ok(Self(claims)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_level_stands_for_those_above_it() {
        assert_eq!(
            SkillLevel::Advanced.and_above(),
            [SkillLevel::Advanced, SkillLevel::Expert]
        );
        assert_eq!(SkillLevel::Beginner.and_above(), SkillLevel::ALL);
    }

    #[test]
    fn a_skill_stands_once() {
        let read =
            |value: Value| serde_json::from_value::<SkillSet>(value).map_err(|error| error.to_string());
        let concrete = json!({"skill": " Concrete ", "level": "EXPERT"});
        assert_eq!(&*read(json!([concrete])).unwrap().claims()[0].skill, "Concrete");
        let twice = json!([concrete, {"skill": "Concrete", "level": "BEGINNER"}]);
        assert_eq!(
            read(twice).unwrap_err(),
            SkillSetError::Twice("Concrete".into()).to_string()
        );
        let many: Vec<_> = (0..51)
            .map(|n| json!({"skill": n.to_string(), "level": "EXPERT"}))
            .collect();
        assert_eq!(
            read(Value::Array(many)).unwrap_err(),
            SkillSetError::TooMany.to_string()
        );
        assert!(read(json!([{"skill": "Concrete", "level": "EXPERT", "verified": true}])).is_err());
    }
}
