//! Why an open project suits a member.

use serde::Serialize;
use utoipa::ToSchema;

use crate::geo::Distance;
use crate::listing::ProjectListing;

/// The parts of a score; what the project does not ask for, or what is not known of the member, counts half.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct MatchScore {
    /// How much of the skills asked for the member has, by level: 0 to 40.
    #[schema(minimum = 0, maximum = 40)]
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
    /// How much time is left to bid: 5 from two weeks on.
    #[schema(minimum = 0, maximum = 5)]
    pub time: f64,
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
    pub fn new(
        project: ProjectListing,
        score: f64,
        parts: MatchScore,
        distance: Option<Distance>,
        matched_skills: Vec<String>,
        matched_classes: Vec<String>,
    ) -> Self {
        let missing = |skill: &&String| !matched_skills.contains(skill);
        let missing_skills = project.skills_required.iter().filter(missing).cloned().collect();
        let mut found = Self {
            score,
            parts,
            distance_miles: distance.map(Distance::miles),
            matched_skills,
            missing_skills,
            matched_classes,
            reasons: Vec::new(),
            project,
        };
        found.reasons = found.reasons_in_words();
        found
    }

    fn reasons_in_words(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        let asked = self.project.skills_required.len();
        if !self.matched_skills.is_empty() {
            reasons.push(format!(
                "You have {} of the {asked} skills it asks for: {}.",
                self.matched_skills.len(),
                self.matched_skills.join(", ")
            ));
        }
        if !self.matched_classes.is_empty() {
            reasons.push(format!(
                "Your licence has a class that it asks for: {}.",
                self.matched_classes.join(", ")
            ));
        }
        if let Some(miles) = self.distance_miles.filter(|miles| *miles <= 100.0) {
            reasons.push(format!("It is {miles:.0} miles from you."));
        }
        if self.parts.budget > 5.0 {
            reasons.push("Its budget is close to what you usually bid.".to_owned());
        }
        reasons
    }
}
