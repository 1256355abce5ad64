//! Made-up names of firms.

use crate::data::random::Random;

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

#[rustfmt::skip]
const BRANDS: &[&str] = &[
    "Pacific", "Golden Gate", "Redwood", "Sierra", "Bear Flag", "Golden Bear", "Evergreen", "Summit",
    "Liberty", "Phoenix", "Dragon", "Jade", "Lotus", "Aztec", "Quetzal", "Condor", "El Camino", "Del Sol",
    "Del Mar", "Nueva Vida", "Cornerstone", "Keystone", "Heritage", "Legacy", "Unity", "Premier", "Precision",
    "Quality", "Reliable", "All Star", "Blue Sky", "Bay Leaf", "Diamond", "Silver Oak", "Cascade", "Granite",
    "Ironwood", "Bright", "New Horizon", "Harmony", "Mabuhay", "Saigon", "Punjab", "Ubuntu", "Sankofa",
    "Juneteenth", "Rising Sun", "Pinnacle", "Alta", "Mariposa",
];

#[rustfmt::skip]
const AREAS: &[&str] = &[
    "Bay Area", "East Bay", "North Bay", "South Bay", "Peninsula", "Delta", "Valley", "Central Valley",
    "Gold Country", "Coast", "Mission", "Fruitvale", "Oakland", "Sacramento", "River City", "Capital City",
    "NorCal", "Tri-Valley", "Sonoma", "Napa Valley", "Peralta", "Lake Merritt", "West Coast", "California",
    "Golden State", "San Joaquin",
];

/// What firms say they do, by their first class.
#[rustfmt::skip]
const WORK: &[(&[&str], &[&str])] = &[
    (&["A"], &["Engineering", "Paving", "Grading", "Pipeline", "General Engineering", "Underground"]),
    (&["B", "B-2"], &["Construction", "Builders", "General Contracting", "Remodeling", "Homes", "Development", "Const", "Renovations"]),
    (&["C-10", "C-7", "C-45"], &["Electric", "Electrical", "Power & Light", "Electrical Services", "Wiring"]),
    (&["C-36", "C-34", "C-42", "C-55"], &["Plumbing", "Rooter", "Plumbing & Drain", "Pipe & Supply", "Mechanical"]),
    (&["C-20", "C-38", "C-4", "C-43"], &["Heating & Air", "HVAC", "Air Conditioning", "Sheet Metal", "Refrigeration"]),
    (&["C-33", "C-35", "C-9", "C-6"], &["Painting", "Painting & Decorating", "Drywall", "Plastering", "Cabinets"]),
    (&["C-27", "C-49", "C-31"], &["Landscaping", "Landscape", "Tree Service", "Gardens", "Irrigation"]),
    (&["C-39", "C-2"], &["Roofing", "Roofing & Waterproofing", "Insulation", "Roof Care"]),
    (&["C-8", "C-29", "C-50", "C-51", "C-12"], &["Concrete", "Masonry", "Foundations", "Steel", "Rebar", "Excavating"]),
    (&["C-15", "C-54", "C-17"], &["Flooring", "Tile", "Tile & Stone", "Carpet", "Glass & Glazing"]),
    (&["C-46"], &["Solar", "Solar Power", "Renewable Energy"]),
    (&["C-53"], &["Pools", "Pool & Spa", "Swimming Pools"]),
    (&["C-21", "C-22"], &["Demolition", "Wrecking", "Abatement"]),
    (&["C-16"], &["Fire Protection", "Sprinklers"]),
    (&["C-57"], &["Well Drilling", "Pumps & Wells"]),
    (&["C-13", "C-5"], &["Fence", "Fencing", "Framing", "Carpentry"]),
    (&["C-11"], &["Elevator", "Vertical Transport"]),
];

/// What all other firms say.
#[rustfmt::skip]
const OTHER_WORK: &[&str] = &["Construction", "Contracting", "Services", "Specialties", "Installations", "Enterprises"];

/// What a firm says it does, by its first class.
pub(super) fn words(trade: &str) -> &'static [&'static str] {
    WORK.iter()
        .find(|(classes, _)| classes.contains(&trade))
        .map_or(OTHER_WORK, |(_, words)| words)
}
