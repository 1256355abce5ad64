//! What firms call themselves.

use crate::data::names::{Person, family_name};
use crate::data::random::Random;
use crate::data::text::{is_western, unaccented};

/// The forms a business takes, as the file writes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    #[default]
    SoleOwner,
    Corporation,
    Partnership,
    LimitedLiability,
    JointVenture,
}

impl Form {
    /// Draws a form, as often as it is chosen.
    pub(super) fn draw(random: &mut Random) -> Self {
        random.weighted(&[
            (495, Self::SoleOwner),
            (405, Self::Corporation),
            (68, Self::LimitedLiability),
            (30, Self::Partnership),
            (2, Self::JointVenture),
        ])
    }

    /// The field `BusinessType`.
    pub(super) fn written(self) -> &'static str {
        match self {
            Self::SoleOwner => "Sole Owner",
            Self::Corporation => "Corporation",
            Self::Partnership => "Partnership",
            Self::LimitedLiability => "Limited Liability",
            Self::JointVenture => "JointVenture",
        }
    }
}

/// The three name fields of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BusinessNames {
    /// `BusinessName`: family name first for a sole owner.
    pub(super) filed: String,
    /// `BUS-NAME-2`: the name on the truck.
    pub(super) trading_as: String,
    /// `FullBusinessName`: a person's name in reading order.
    pub(super) full: String,
}

impl BusinessNames {
    /// Names for a firm of this form that mostly does `trade`.
    pub(super) fn draw(random: &mut Random, form: Form, trade: &str) -> Self {
        let names = if form == Form::SoleOwner {
            sole_owner(random, trade)
        } else {
            firm(random, form, trade)
        };
        Self {
            filed: western(names.filed),
            trading_as: western(names.trading_as),
            full: western(names.full),
        }
    }
}

fn sole_owner(random: &mut Random, trade: &str) -> BusinessNames {
    let person = Person::draw(random);
    let trading_as = if random.chance(420) {
        firm_name(random, &person.family, trade).to_uppercase()
    } else {
        String::new()
    };
    // One in seven was filed before the board kept the reading order apart.
    let full = if random.chance(860) {
        person.given_first()
    } else {
        String::new()
    };
    BusinessNames {
        filed: person.family_first(),
        trading_as,
        full,
    }
}

fn firm(random: &mut Random, form: Form, trade: &str) -> BusinessNames {
    let family = family_name(random);
    let name = firm_name(random, &family, trade);
    let filed = match form {
        Form::Corporation => format!(
            "{name}{}",
            random.pick(&[" INC", " INC", ", INC", ", INC.", " CORP", " CORPORATION"])
        ),
        Form::LimitedLiability => format!("{name}{}", random.pick(&[" LLC", ", LLC", " L.L.C."])),
        Form::JointVenture => {
            let partner = family_name(random);
            format!("{name} / {} JV", firm_name(random, &partner, trade))
        }
        _ if random.chance(500) => {
            format!("{family} & {} {}", family_name(random), random.pick(words(trade)))
        }
        _ => name,
    };
    // A few were typed in as their owners write them: ABC Bldrs.
    let filed = if random.chance(60) {
        filed
    } else {
        filed.to_uppercase()
    };
    let trading_as = if random.chance(80) {
        firm_name(random, &family, trade).to_uppercase()
    } else {
        String::new()
    };
    BusinessNames {
        filed,
        trading_as,
        full: String::new(),
    }
}

/// A name for a firm, in mixed case, with the odd quote and apostrophe that files must survive.
pub(crate) fn firm_name(random: &mut Random, family: &str, trade: &str) -> String {
    let work = random.pick(words(trade));
    match random.below(100) {
        0..=17 => format!("{family} {work}"),
        18..=27 => format!("{family} & Sons {work}"),
        28..=31 => format!("{family} & Daughters {work}"),
        32..=38 => format!("{family} Brothers {work}"),
        39..=58 => format!("{} {work}", random.pick(BRANDS)),
        59..=72 => format!("{} {} {work}", random.pick(BRANDS), random.pick(AREAS)),
        73..=84 => format!("{} {work}", random.pick(AREAS)),
        85..=91 => format!("{} {work}", initials(random)),
        92..=94 => format!("{}'s {work}", family.trim_end_matches('s')),
        95 => format!(
            "The \"{}\" Team {work}",
            random.pick(&["A", "B", "Can Do", "Fix It"])
        ),
        96 => format!("{family} 24\" {work}"),
        97 => format!(
            "{} {}, {} and {work}",
            random.pick(AREAS),
            random.pick(words("B")),
            random.pick(words(trade))
        ),
        98 => format!("{} Bldrs", initials(random)),
        _ => format!("{} {work} {}", random.pick(BRANDS), 1 + random.below(99)),
    }
}

fn initials(random: &mut Random) -> String {
    let count = if random.chance(700) { 3 } else { 2 };
    (0..count)
        .map(|_| {
            random.pick(&[
                "A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "R", "S", "T", "V",
            ])
        })
        .collect()
}

const BRANDS: &[&str] = &[
    "Pacific",
    "Golden Gate",
    "Redwood",
    "Sierra",
    "Bear Flag",
    "Golden Bear",
    "Evergreen",
    "Summit",
    "Liberty",
    "Phoenix",
    "Dragon",
    "Jade",
    "Lotus",
    "Aztec",
    "Quetzal",
    "Condor",
    "El Camino",
    "Del Sol",
    "Del Mar",
    "Nueva Vida",
    "Cornerstone",
    "Keystone",
    "Heritage",
    "Legacy",
    "Unity",
    "Premier",
    "Precision",
    "Quality",
    "Reliable",
    "All Star",
    "Blue Sky",
    "Bay Leaf",
    "Diamond",
    "Silver Oak",
    "Cascade",
    "Granite",
    "Ironwood",
    "Bright",
    "New Horizon",
    "Harmony",
    "Mabuhay",
    "Saigon",
    "Punjab",
    "Ubuntu",
    "Sankofa",
    "Juneteenth",
    "Rising Sun",
    "Pinnacle",
    "Alta",
    "Mariposa",
];

const AREAS: &[&str] = &[
    "Bay Area",
    "East Bay",
    "North Bay",
    "South Bay",
    "Peninsula",
    "Delta",
    "Valley",
    "Central Valley",
    "Gold Country",
    "Coast",
    "Mission",
    "Fruitvale",
    "Oakland",
    "Sacramento",
    "River City",
    "Capital City",
    "NorCal",
    "Tri-Valley",
    "Sonoma",
    "Napa Valley",
    "Peralta",
    "Lake Merritt",
    "West Coast",
    "California",
    "Golden State",
    "San Joaquin",
];

/// What a firm says it does, by its first class.
fn words(trade: &str) -> &'static [&'static str] {
    match trade {
        "A" => &[
            "Engineering",
            "Paving",
            "Grading",
            "Pipeline",
            "General Engineering",
            "Underground",
        ],
        "B" | "B-2" => &[
            "Construction",
            "Builders",
            "General Contracting",
            "Remodeling",
            "Homes",
            "Development",
            "Const",
            "Renovations",
        ],
        "C-10" | "C-7" | "C-45" => &[
            "Electric",
            "Electrical",
            "Power & Light",
            "Electrical Services",
            "Wiring",
        ],
        "C-36" | "C-34" | "C-42" | "C-55" => &[
            "Plumbing",
            "Rooter",
            "Plumbing & Drain",
            "Pipe & Supply",
            "Mechanical",
        ],
        "C-20" | "C-38" | "C-4" | "C-43" => &[
            "Heating & Air",
            "HVAC",
            "Air Conditioning",
            "Sheet Metal",
            "Refrigeration",
        ],
        "C-33" | "C-35" | "C-9" | "C-6" => &[
            "Painting",
            "Painting & Decorating",
            "Drywall",
            "Plastering",
            "Cabinets",
        ],
        "C-27" | "C-49" | "C-31" => &[
            "Landscaping",
            "Landscape",
            "Tree Service",
            "Gardens",
            "Irrigation",
        ],
        "C-39" | "C-2" => &["Roofing", "Roofing & Waterproofing", "Insulation", "Roof Care"],
        "C-8" | "C-29" | "C-50" | "C-51" | "C-12" => &[
            "Concrete",
            "Masonry",
            "Foundations",
            "Steel",
            "Rebar",
            "Excavating",
        ],
        "C-15" | "C-54" | "C-17" => &["Flooring", "Tile", "Tile & Stone", "Carpet", "Glass & Glazing"],
        "C-46" => &["Solar", "Solar Power", "Renewable Energy"],
        "C-53" => &["Pools", "Pool & Spa", "Swimming Pools"],
        "C-21" | "C-22" => &["Demolition", "Wrecking", "Abatement"],
        "C-16" => &["Fire Protection", "Sprinklers"],
        "C-57" => &["Well Drilling", "Pumps & Wells"],
        "C-13" | "C-5" => &["Fence", "Fencing", "Framing", "Carpentry"],
        "C-11" => &["Elevator", "Vertical Transport"],
        _ => &[
            "Construction",
            "Contracting",
            "Services",
            "Specialties",
            "Installations",
            "Enterprises",
        ],
    }
}

/// Letters that no version of the state's file can hold give way to plain ones.
fn western(name: String) -> String {
    if is_western(&name) {
        name
    } else {
        unaccented(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_what_files_stumble_over() {
        let mut random = Random::for_row(1, "firms", 0);
        let names: Vec<String> = (0..20_000)
            .map(|_| {
                let form = Form::draw(&mut random);
                BusinessNames::draw(&mut random, form, "B").filed
            })
            .collect();
        for wanted in ["\"", ", ", "'", "Ñ", "Á", "& SONS CONSTRUCTION INC", " Bldrs"] {
            assert!(
                names.iter().any(|name| name.contains(wanted)),
                "no name holds {wanted:?}"
            );
        }
        assert!(
            names
                .iter()
                .all(|name| is_western(name) && !name.trim().is_empty() && !name.starts_with('"'))
        );
    }
}
