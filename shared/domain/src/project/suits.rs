//! Why an open project suits a member.

use serde::Serialize;
use utoipa::ToSchema;

use crate::geo::Distance;
use crate::listing::ProjectListing;

/// The parts of a score; what the project does not ask for, or what is not known of the member, counts half.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct MatchScore {
    /// How much of the skills asked for the member has, by level: 0 to 35.
    #[schema(minimum = 0, maximum = 35)]
    pub skills: f64,
    /// Whether the member's licence has a class that is asked for: 0 or 25.
    #[schema(minimum = 0, maximum = 25)]
    pub class: f64,
    /// How near it is: 20 at no distance, 0 from 100 miles on.
    #[schema(minimum = 0, maximum = 20)]
    pub distance: f64,
    /// How close its budget is to what the member usually bids: 0 to 10.
    #[schema(minimum = 0, maximum = 10)]
    pub budget: f64,
    /// Whether the member's licence has the years and the bond that are asked for: 0 to 5.
    #[schema(minimum = 0, maximum = 5)]
    pub capacity: f64,
    /// How much time is left to bid: 5 from two weeks on.
    #[schema(minimum = 0, maximum = 5)]
    pub time: f64,
}

/// What speaks for a match, as it was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MatchGrounds {
    /// The great-circle distance from the member's place.
    pub distance: Option<Distance>,
    /// Skills asked for that the member has.
    pub skills: Vec<String>,
    /// Licence classes asked for that the member's licence has.
    pub classes: Vec<String>,
    /// Whole years since the member's licence was issued; absent without one in good standing.
    pub licence_years: Option<i32>,
    /// Whether the contractor's bond of that licence is in force.
    pub is_bonded: bool,
}

/// An open project, how well it suits the member who asks, and why.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectMatch {
    /// The project.
    pub project: ProjectListing,
    /// The sum of the parts, of 100.
    #[schema(minimum = 0, maximum = 100)]
    pub score: f64,
    /// The parts of the score.
    pub parts: MatchScore,
    /// The great-circle distance from the member's place; absent where either is not known.
    #[schema(required, minimum = 0)]
    pub distance_miles: Option<f64>,
    /// Skills asked for that the member has.
    pub matched_skills: Vec<String>,
    /// Skills asked for that the member lacks.
    pub missing_skills: Vec<String>,
    /// Licence classes asked for that the member's licence has.
    pub matched_classes: Vec<String>,
    /// The reasons, in sentences.
    pub reasons: Vec<String>,
}

impl ProjectMatch {
    /// A match, with its reasons in words.
    #[must_use]
    pub fn new(project: ProjectListing, score: f64, parts: MatchScore, grounds: MatchGrounds) -> Self {
        let missing = |skill: &&String| !grounds.skills.contains(skill);
        Self {
            score,
            parts,
            distance_miles: grounds.distance.map(Distance::miles),
            missing_skills: project.skills_required.iter().filter(missing).cloned().collect(),
            reasons: grounds.reasons(&project, parts),
            matched_skills: grounds.skills,
            matched_classes: grounds.classes,
            project,
        }
    }
}

impl MatchGrounds {
    fn reasons(&self, project: &ProjectListing, parts: MatchScore) -> Vec<String> {
        let skills = (!self.skills.is_empty()).then(|| {
            format!(
                "You have {} of the {} skills it asks for: {}.",
                self.skills.len(),
                project.skills_required.len(),
                self.skills.join(", ")
            )
        });
        let classes = (!self.classes.is_empty()).then(|| {
            format!(
                "Your licence has a class that it asks for: {}.",
                self.classes.join(", ")
            )
        });
        let miles = self.distance.map(Distance::miles).filter(|miles| *miles <= 100.0);
        let asked = project.experience_years.filter(|years| *years > 0);
        let years = asked
            .zip(self.licence_years)
            .filter(|(asked, has)| has >= asked)
            .map(|(asked, has)| {
                format!("It asks for {asked} years of experience; your licence is {has} years old.")
            });
        let bond = project.bonding_required && self.licence_years.is_some() && self.is_bonded;
        let budget = parts.budget > 5.0;
        [
            skills,
            classes,
            miles.map(|miles| format!("It is {miles:.0} miles from you.")),
            budget.then(|| "Its budget is close to what you usually bid.".to_owned()),
            years,
            bond.then(|| "It asks for a bond, which your licence has.".to_owned()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
