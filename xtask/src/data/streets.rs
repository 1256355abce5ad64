//! Street addresses.

use super::random::Random;

#[rustfmt::skip]
const STREETS: &[&str] = &[
    "Mission St", "Market St", "Broadway", "Telegraph Ave", "San Pablo Ave", "International Blvd",
    "El Camino Real", "Main St", "Oak St", "Maple Ave", "First St", "2nd St", "5th Ave", "Alvarado St",
    "Foothill Blvd", "Stockton Blvd", "Folsom Blvd", "Florin Rd", "Power Inn Rd", "Industrial Way",
    "Enterprise Dr", "Commerce Ct", "Railroad Ave", "Washington St", "Martin Luther King Jr Way",
    "Cesar Chavez St", "Vineyard Rd", "Almond Ave", "Orchard Ln", "County Road 31", "Highway 99", "Olive Ave",
    "Shaw Ave", "Sunset Blvd", "Figueroa St", "Pacific Ave", "Bayshore Blvd", "Harbor Way", "Mandela Pkwy",
    "Del Paso Blvd", "Capitol Ave", "Calle Real", "Camino Alto", "Via La Cumbre",
];

/// A house number and a street, in mixed case.
pub(crate) fn street(random: &mut Random) -> String {
    format!("{} {}", 1 + random.skewed(9_900), random.pick(STREETS))
}

/// An address as the state writes it: capitals, boxes, suites, and now and then a comma.
pub(crate) fn mailing_address(random: &mut Random, boxes_only: bool) -> String {
    if boxes_only || random.chance(120) {
        return format!("P O BOX {}", 1 + random.below(99_999));
    }
    let street = street(random).to_uppercase();
    match random.below(100) {
        0..=6 => format!("{street} #{}", 1 + random.below(400)),
        7..=11 => format!("{street} STE {}", 100 + random.below(400)),
        12..=14 => format!("{street}, UNIT {}", 1 + random.below(60)),
        15 => format!(
            "{street}, BLDG {}, STE {}",
            random.pick(&["A", "B", "C"]),
            1 + random.below(40)
        ),
        16 => format!("{street} UNIT \"{}\"", random.pick(&["A", "B", "C", "D"])),
        _ => street,
    }
}
