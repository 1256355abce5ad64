//! Houses, shops and new buildings.

use super::projects::{Category, Work};

#[rustfmt::skip]
pub(super) const RESIDENTIAL: Category = Category {
    name: "RESIDENTIAL",
    sites: &[
        "a Victorian duplex", "a craftsman bungalow", "a mid-century ranch house", "a hillside home", "a three-story walk-up",
        "a senior living community", "a 24-unit apartment building", "a townhouse complex", "a mobile home park",
        "a farmworker housing site", "a live-work loft", "a co-housing community",
    ],
    works: &[
        Work { title: "Accessory dwelling unit", scope: "Detached one-bedroom backyard cottage of 600 square feet: slab, framing, utilities from the main house and a separate electrical meter.", classes: &["B"], skills: &["Framing", "Carpentry", "Plumbing", "Electrical wiring"], cost: (140, 320) },
        Work { title: "Kitchen and bath remodel", scope: "New cabinets, quartz countertops, walk-in shower, exhaust fans and under-cabinet lighting; one wall comes out and needs a header beam.", classes: &["B", "C-6", "C-54"], skills: &["Cabinet making", "Ceramic tile", "Plumbing"], cost: (45, 180) },
        Work { title: "Soft-story seismic retrofit", scope: "Steel moment frame at the garage openings, plywood shear walls, hold-downs and foundation anchor bolts under the mandatory ordinance.", classes: &["B", "C-51"], skills: &["Seismic retrofit", "Structural steel", "Shoring"], cost: (90, 420) },
        Work { title: "Rooftop solar with battery storage", scope: "Photovoltaic array of 9 kilowatts, hybrid inverter, two wall batteries and a main panel upgrade to 200 amperes.", classes: &["C-46", "C-10"], skills: &["Solar installation", "Electrical wiring"], cost: (28, 95) },
        Work { title: "Heat pump conversion", scope: "The gas furnace and water heater go; ducted heat pump and heat pump water heater come, with duct sealing and attic insulation.", classes: &["C-20", "C-36"], skills: &["HVAC", "Insulation", "Plumbing"], cost: (18, 80) },
        Work { title: "Foundation underpinning", scope: "Settled perimeter footing is lifted on helical piers; the cripple wall is replaced and a French drain keeps the crawl space dry.", classes: &["A", "C-8"], skills: &["Excavation", "Concrete finishing", "Shoring", "Waterproofing"], cost: (60, 260) },
        Work { title: "Re-roofing and gutters", scope: "Tear-off of two layers, cool-roof composition shingles, new flashing, copper gutters and skylights.", classes: &["C-39"], skills: &["Roofing", "Sheet metal", "Waterproofing"], cost: (16, 140) },
        Work { title: "Wildfire hardening", scope: "Ember-resistant vents, fiber-cement siding, tempered windows, a gravel strip and defensible space around the house.", classes: &["B", "C-27"], skills: &["Carpentry", "Landscaping", "Tree care"], cost: (25, 150) },
        Work { title: "Swimming pool and terrace", scope: "Gunite pool with a spa, automatic cover, variable-speed pump, travertine coping and drought-tolerant planting.", classes: &["C-53", "C-27"], skills: &["Swimming pools", "Excavation", "Landscaping"], cost: (85, 310) },
    ],
};

#[rustfmt::skip]
pub(super) const COMMERCIAL: Category = Category {
    name: "COMMERCIAL",
    sites: &[
        "a downtown office tower", "a neighborhood grocery", "a taqueria and bakery", "a cold storage warehouse", "a dental clinic",
        "a boutique hotel", "a credit union branch", "a brewery taproom", "a biotech laboratory", "a strip mall",
        "a data center", "an auto dealership", "a child care center", "a Chinatown banquet hall",
    ],
    works: &[
        Work { title: "Tenant improvement", scope: "Demising walls, T-bar ceilings, glass conference rooms, carpet tile, and a kitchenette; the landlord's core stays as it is.", classes: &["B", "C-9"], skills: &["Drywall", "Flooring", "Glazing", "Electrical wiring"], cost: (180, 2_400) },
        Work { title: "Restaurant build-out", scope: "Type I hood with make-up air, grease interceptor, walk-in cooler, quarry tile and health department sign-off.", classes: &["B", "C-20", "C-36"], skills: &["HVAC", "Plumbing", "Ceramic tile", "Refrigeration"], cost: (220, 1_100) },
        Work { title: "Storefront and façade renewal", scope: "Aluminum storefront, blade sign, awnings, stucco repair and an accessible entrance with a power door.", classes: &["C-17", "C-45", "C-33"], skills: &["Glazing", "Signage", "Stucco", "Painting"], cost: (60, 420) },
        Work { title: "Laboratory fit-out", scope: "Fume hoods, epoxy floors, process gas piping, emergency showers and a dedicated air handler with redundancy.", classes: &["B", "C-20", "C-36"], skills: &["HVAC", "Pipefitting", "Flooring", "BIM coordination"], cost: (900, 7_500) },
        Work { title: "Fire sprinkler and alarm upgrade", scope: "Wet-pipe sprinklers, a new fire pump, addressable alarm panel, horns and strobes on every floor.", classes: &["C-16", "C-10"], skills: &["Fire sprinklers", "Fire alarm", "Low-voltage systems"], cost: (120, 1_300) },
        Work { title: "Rooftop unit replacement", scope: "Twelve packaged rooftop units are lifted out by crane and replaced, with economizers and building controls.", classes: &["C-20", "C-38"], skills: &["HVAC", "Crane operation", "Sheet metal"], cost: (140, 900) },
        Work { title: "Electric vehicle charging plaza", scope: "Twenty level 2 ports, four fast chargers, a new transformer pad, trenching across the parking lot and restriping.", classes: &["C-10", "A"], skills: &["EV charging", "Electrical wiring", "Trenching", "Asphalt paving"], cost: (250, 1_600) },
        Work { title: "Structured cabling and access control", scope: "Category 6A cabling, wireless access points, card readers, cameras and a server room with precision cooling.", classes: &["C-7"], skills: &["Low-voltage systems", "Fiber optics", "Security systems"], cost: (70, 680) },
        Work { title: "Parking structure waterproofing", scope: "Traffic-bearing membrane, expansion joints, post-tension tendon repair and new lighting in a four-level garage.", classes: &["C-39", "C-8"], skills: &["Waterproofing", "Concrete finishing", "Electrical wiring"], cost: (300, 2_100) },
    ],
};

#[rustfmt::skip]
pub(super) const NEW_CONSTRUCTION: Category = Category {
    name: "NEW_CONSTRUCTION",
    sites: &[
        "a transit village", "a former cannery", "the old drive-in site", "an infill lot", "the civic center campus", "a business park",
        "a hospital campus", "the waterfront district", "a tribal community", "a community college",
    ],
    works: &[
        Work { title: "Affordable housing, 88 units", scope: "Five stories of wood frame over a concrete podium: studios to three-bedroom homes, community kitchen, solar canopy and a bicycle room.", classes: &["B"], skills: &["Framing", "Concrete finishing", "Construction management", "BIM coordination"], cost: (18_000, 52_000) },
        Work { title: "Tilt-up warehouse", scope: "Concrete tilt-up panels, 36-foot clear height, dock levelers, an early suppression sprinkler system and a truck court.", classes: &["B", "A"], skills: &["Concrete finishing", "Crane operation", "Structural steel", "Grading"], cost: (7_000, 38_000) },
        Work { title: "Elementary school classroom wing", scope: "Twelve classrooms under the state architect's rules, with daylighting, acoustic ceilings and an outdoor learning court.", classes: &["B"], skills: &["Framing", "Construction management", "HVAC", "Drywall"], cost: (6_000, 19_000) },
        Work { title: "Fire station", scope: "Three drive-through bays, dormitories, decontamination room, an essential-services structure and an emergency generator.", classes: &["B"], skills: &["Masonry", "Structural steel", "Electrical wiring", "Construction management"], cost: (8_000, 21_000) },
        Work { title: "Community health clinic", scope: "Outpatient clinic with twenty exam rooms, imaging suite with lead shielding, pharmacy and nurse call system.", classes: &["B"], skills: &["HVAC", "Plumbing", "Low-voltage systems", "Project scheduling"], cost: (5_500, 24_000) },
        Work { title: "Modular student housing", scope: "Factory-built volumetric modules stacked four high, stitched together on site, with a mass-timber lobby.", classes: &["B"], skills: &["Crane operation", "Carpentry", "Plumbing", "Structural steel"], cost: (12_000, 44_000) },
        Work { title: "Cultural center and plaza", scope: "Exhibition hall, commercial kitchen, dance studio with a sprung floor, ceremonial plaza and public art foundations.", classes: &["B", "C-27"], skills: &["Masonry", "Landscaping", "Carpentry", "Glazing"], cost: (4_000, 16_000) },
    ],
};
