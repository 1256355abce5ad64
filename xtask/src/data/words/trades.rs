//! What members do for a living.

/// The skills that members name and projects ask for.
#[rustfmt::skip]
pub(crate) const SKILLS: &[&str] = &[
    "Asbestos abatement", "Asphalt paving", "BIM coordination", "Blueprint reading", "Bricklaying", "Cabinet making",
    "Carpentry", "Ceramic tile", "Concrete finishing", "Concrete pumping", "Construction management", "Crane operation",
    "Demolition", "Drywall", "Electrical wiring", "Elevator maintenance", "Environmental remediation", "Equipment operation",
    "Estimating", "EV charging", "Excavation", "Fencing", "Fiber optics", "Fire alarm", "Fire sprinklers", "Flooring",
    "Form setting", "Framing", "Glazing", "Grading", "HVAC", "Historic preservation", "Insulation", "Irrigation",
    "Landscaping", "Lead abatement", "Low-voltage systems", "Masonry", "Mold remediation", "Painting", "Pipefitting",
    "Plastering", "Plumbing", "Project scheduling", "Rebar placement", "Refrigeration", "Roofing", "Safety management",
    "Scaffolding", "Security systems", "Seismic retrofit", "Sheet metal", "Shoring", "Signage", "Solar installation",
    "Stormwater management", "Structural steel", "Stucco", "Surveying", "Swimming pools", "Traffic control", "Tree care",
    "Trenching", "Underground utilities", "Waterproofing", "Welding", "Well drilling",
];

/// A line of business: its main licence class and what its people are good at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Trade {
    pub(crate) class: &'static str,
    /// As it stands in a profile: "electrical contractor".
    pub(crate) name: &'static str,
    pub(crate) skills: &'static [&'static str],
}

#[rustfmt::skip]
pub(crate) const TRADES: &[(u32, Trade)] = &[
    (26, Trade { class: "B", name: "general building", skills: &["Carpentry", "Construction management", "Estimating", "Framing", "Project scheduling", "Blueprint reading", "Safety management"] }),
    (9, Trade { class: "A", name: "general engineering", skills: &["Grading", "Excavation", "Asphalt paving", "Underground utilities", "Equipment operation", "Traffic control", "Surveying", "Stormwater management"] }),
    (11, Trade { class: "C-10", name: "electrical", skills: &["Electrical wiring", "EV charging", "Solar installation", "Fire alarm", "Low-voltage systems", "Blueprint reading"] }),
    (9, Trade { class: "C-36", name: "plumbing", skills: &["Plumbing", "Pipefitting", "Trenching", "Welding", "Underground utilities"] }),
    (7, Trade { class: "C-20", name: "heating and air conditioning", skills: &["HVAC", "Sheet metal", "Refrigeration", "Insulation"] }),
    (7, Trade { class: "C-33", name: "painting", skills: &["Painting", "Scaffolding", "Lead abatement", "Plastering", "Waterproofing"] }),
    (6, Trade { class: "C-27", name: "landscaping", skills: &["Landscaping", "Irrigation", "Tree care", "Stormwater management", "Fencing"] }),
    (5, Trade { class: "C-39", name: "roofing", skills: &["Roofing", "Waterproofing", "Sheet metal", "Solar installation"] }),
    (5, Trade { class: "C-8", name: "concrete", skills: &["Concrete finishing", "Form setting", "Rebar placement", "Concrete pumping"] }),
    (4, Trade { class: "C-54", name: "tile and stone", skills: &["Ceramic tile", "Masonry", "Waterproofing"] }),
    (4, Trade { class: "C-15", name: "flooring", skills: &["Flooring", "Ceramic tile", "Carpentry"] }),
    (3, Trade { class: "C-9", name: "drywall", skills: &["Drywall", "Framing", "Insulation", "Plastering", "Stucco"] }),
    (2, Trade { class: "C-29", name: "masonry", skills: &["Masonry", "Bricklaying", "Seismic retrofit", "Historic preservation"] }),
    (2, Trade { class: "C-51", name: "structural steel", skills: &["Structural steel", "Welding", "Crane operation", "Seismic retrofit"] }),
    (2, Trade { class: "C-22", name: "abatement", skills: &["Asbestos abatement", "Lead abatement", "Mold remediation", "Environmental remediation", "Demolition"] }),
    (2, Trade { class: "C-16", name: "fire protection", skills: &["Fire sprinklers", "Fire alarm", "Pipefitting", "Plumbing"] }),
    (2, Trade { class: "C-7", name: "low-voltage", skills: &["Low-voltage systems", "Fiber optics", "Security systems", "Fire alarm"] }),
    (2, Trade { class: "C-6", name: "cabinet and millwork", skills: &["Cabinet making", "Carpentry", "Historic preservation"] }),
    (1, Trade { class: "C-17", name: "glazing", skills: &["Glazing", "Waterproofing", "Structural steel"] }),
    (1, Trade { class: "C-53", name: "pool", skills: &["Swimming pools", "Plumbing", "Excavation", "Ceramic tile"] }),
    (1, Trade { class: "C-11", name: "elevator", skills: &["Elevator maintenance", "Electrical wiring", "Welding"] }),
    (1, Trade { class: "C-57", name: "well drilling", skills: &["Well drilling", "Equipment operation", "Welding"] }),
];

/// Job titles.
#[rustfmt::skip]
pub(crate) const TITLES: &[&str] = &[
    "Owner", "President", "Project Manager", "Estimator", "Superintendent", "Foreman", "Journeyman", "Office Manager",
    "Chief Executive", "Managing Partner", "Safety Director", "Business Development", "Apprentice", "Consultant",
];

/// What people are proud of.
#[rustfmt::skip]
pub(crate) const CERTIFICATES: &[&str] = &[
    "OSHA 30", "OSHA 10", "Small Business Enterprise", "Disadvantaged Business Enterprise", "Minority Business Enterprise",
    "LEED Green Associate", "Certified Welding Inspector", "Qualified SWPPP Practitioner", "Lead-Safe Renovator",
    "Women Business Enterprise", "Disabled Veteran Business Enterprise", "Certified Payroll Professional",
];

/// Languages, as often as they are spoken.
pub(crate) const LANGUAGES: &[(u32, &str)] = &[
    (40, "Spanish"),
    (14, "Cantonese"),
    (10, "Mandarin"),
    (10, "Vietnamese"),
    (10, "Tagalog"),
    (5, "Punjabi"),
    (4, "Korean"),
    (3, "Armenian"),
    (2, "Hmong"),
    (2, "Portuguese"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trades_know_only_listed_skills() {
        for (_, trade) in TRADES {
            for skill in trade.skills {
                assert!(SKILLS.contains(skill), "{skill} of {}", trade.name);
            }
        }
    }
}
