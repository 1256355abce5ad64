//! What projects are about: kinds of work by category, with the places at which each is done.

use super::building::{COMMERCIAL, NEW_CONSTRUCTION, RESIDENTIAL};
use super::civil::{INFRASTRUCTURE, SPECIALTY};
use super::upkeep::{MAINTENANCE, RENOVATION};

/// A kind of work.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Work {
    /// What is done; `at` follows it in a title.
    pub(crate) title: &'static str,
    /// What it takes, a sentence or two in the trade's own words.
    pub(crate) scope: &'static str,
    /// Licence classes, the leading one first.
    pub(crate) classes: &'static [&'static str],
    /// Skills, all of which stand in `trades::SKILLS`.
    pub(crate) skills: &'static [&'static str],
    /// Cost from and to, in thousands of dollars.
    pub(crate) cost: (i64, i64),
}

/// A category with its work.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Category {
    pub(crate) name: &'static str,
    /// Where it happens.
    pub(crate) sites: &'static [&'static str],
    pub(crate) works: &'static [Work],
}

/// The categories, as often as they are posted.
pub(crate) const CATEGORIES: &[(u32, Category)] = &[
    (18, RESIDENTIAL),
    (20, COMMERCIAL),
    (17, INFRASTRUCTURE),
    (18, RENOVATION),
    (10, NEW_CONSTRUCTION),
    (9, MAINTENANCE),
    (8, SPECIALTY),
];

/// How a posting goes on after its scope.
#[rustfmt::skip]
pub(crate) const TERMS: &[&str] = &[
    "A walk-through is mandatory; bring a hard hat and boots.",
    "Prevailing wage applies and certified payroll is due every week.",
    "The general contractor wants local hires and at least two apprentices.",
    "Work is done at night and at weekends, since the building stays occupied.",
    "Drawings, the geotechnical report and the bid form are among the files.",
    "Minority-owned and small businesses are strongly encouraged to bid.",
    "A bid bond of ten per cent is due with the bid.",
    "The site is tight: deliveries are by appointment and there is no parking.",
    "Subcontractors must be named when they do more than half a per cent of the work.",
    "Asbestos and lead surveys are finished; the reports are attached.",
    "Phasing follows the tenants' leases; liquidated damages are $1,500 a day.",
    "Questions are answered in writing until a week before bids are due.",
    "Materials are to be bought in California where that is possible.",
    "The owner carries builder's risk insurance; bring your own general liability.",
    "Neighbors were promised quiet before eight in the morning.",
    "Se habla español en la obra; the superintendent speaks both languages.",
];

/// Who pays.
#[rustfmt::skip]
pub(crate) const FUNDING: &[&str] = &[
    "Private", "City general fund", "County bond", "State grant", "Federal (CDBG)", "Measure X bond", "School district bond",
    "Low-income housing tax credits", "Caltrans", "Transit district", "Port authority", "Insurance claim", "Non-profit",
];

/// What a bidder must show.
#[rustfmt::skip]
pub(crate) const REQUIREMENTS: &[&str] = &[
    "Valid California license", "OSHA 30 for the foreman", "Three references from the last five years",
    "Experience modification rate below 1.0", "Registered with the Department of Industrial Relations",
    "Bonding capacity", "Safety plan", "Local business certificate", "Fingerprint clearance",
    "English- and Spanish-speaking foreman", "Apprenticeship program", "Own equipment",
];

#[cfg(test)]
mod tests {
    use super::super::trades::SKILLS;
    use super::*;

    #[test]
    fn every_work_asks_for_known_skills_and_has_a_price() {
        for (_, category) in CATEGORIES {
            assert!(
                category.works.len() >= 7 && category.sites.len() >= 8,
                "{} is thin",
                category.name
            );
            for work in category.works {
                assert!(work.cost.0 > 0 && work.cost.0 < work.cost.1, "{}", work.title);
                assert!(!work.classes.is_empty());
                for skill in work.skills {
                    assert!(
                        SKILLS.contains(skill),
                        "{skill} of {} is not in the vocabulary",
                        work.title
                    );
                }
            }
        }
    }
}
