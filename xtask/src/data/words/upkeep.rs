//! Making old things good again, and keeping them so.

use super::projects::{Category, Work};

#[rustfmt::skip]
pub(super) const RENOVATION: Category = Category {
    name: "RENOVATION",
    sites: &[
        "the historic post office", "a branch library", "the veterans' hall", "a parish church", "a public housing block",
        "a high school gymnasium", "an art deco cinema", "the county courthouse", "a firehouse", "a Buddhist temple",
        "a recreation center", "the union hall",
    ],
    works: &[
        Work { title: "Unreinforced masonry retrofit", scope: "Fiber-reinforced polymer wraps, steel braced frames, parapet bracing and roof diaphragm ties; brick is repointed by hand.", classes: &["B", "C-29"], skills: &["Seismic retrofit", "Bricklaying", "Structural steel"], cost: (400, 4_800) },
        Work { title: "Lead and asbestos abatement", scope: "Full containment with negative air, removal of pipe lagging, floor mastic and lead paint, clearance sampling by others.", classes: &["C-22", "ASB"], skills: &["Asbestos abatement", "Lead abatement", "Safety management"], cost: (80, 900) },
        Work { title: "Accessibility upgrade", scope: "Wheelchair ramps, platform lift, accessible restrooms, door hardware, braille signs and hearing loops.", classes: &["B"], skills: &["Carpentry", "Concrete finishing", "Signage", "Plumbing"], cost: (90, 1_200) },
        Work { title: "Window restoration", scope: "Two hundred wooden sash windows are rehung, reglazed and weather-stripped; storm panels go on the weather side.", classes: &["C-6", "C-17"], skills: &["Glazing", "Carpentry", "Historic preservation"], cost: (120, 1_500) },
        Work { title: "Fire damage reconstruction", scope: "Smoke-sealed framing, new trusses, rewiring, drywall and odor removal after a kitchen fire.", classes: &["B"], skills: &["Framing", "Electrical wiring", "Drywall", "Painting"], cost: (150, 1_800) },
        Work { title: "Gymnasium floor and bleachers", scope: "Maple sports floor on sleepers, telescopic bleachers, scoreboards and LED high-bay lights.", classes: &["C-15", "C-10"], skills: &["Flooring", "Electrical wiring", "Carpentry"], cost: (180, 1_100) },
        Work { title: "Plaster ceiling and mural conservation", scope: "Sagging ornamental plaster is consolidated and re-anchored, gilding renewed and 1930s murals cleaned.", classes: &["C-35", "C-33"], skills: &["Plastering", "Painting", "Historic preservation", "Scaffolding"], cost: (90, 950) },
        Work { title: "Mold remediation and re-plumbing", scope: "Wet walls are opened, mold removed under containment, galvanized risers replaced by copper and drywall closed.", classes: &["C-36", "C-22"], skills: &["Mold remediation", "Plumbing", "Drywall"], cost: (70, 700) },
        Work { title: "Electrical service upgrade", scope: "New 2,000-ampere switchgear, knob-and-tube wiring removed, panelboards on each floor and emergency lighting.", classes: &["C-10"], skills: &["Electrical wiring", "Fire alarm", "Demolition"], cost: (110, 1_300) },
    ],
};

#[rustfmt::skip]
pub(super) const MAINTENANCE: Category = Category {
    name: "MAINTENANCE",
    sites: &[
        "twelve city parks", "the school district", "the transit bus yards", "county jails", "a university campus", "the fairgrounds",
        "a housing authority portfolio", "the water district's reservoirs", "a medical center", "the convention center",
    ],
    works: &[
        Work { title: "On-call plumbing and drain cleaning", scope: "Hydro-jetting, camera inspection, backflow testing and emergency repairs within four hours, day and night.", classes: &["C-36"], skills: &["Plumbing", "Pipefitting"], cost: (60, 600) },
        Work { title: "Tree pruning and fuel reduction", scope: "Arborist-led pruning, stump grinding, eucalyptus removal and goats on the steep slopes.", classes: &["C-49", "C-27"], skills: &["Tree care", "Landscaping", "Safety management"], cost: (40, 500) },
        Work { title: "HVAC preventive maintenance", scope: "Filters, belts, coil cleaning, refrigerant leak checks and controls tuning, quarterly for three years.", classes: &["C-20"], skills: &["HVAC", "Refrigeration"], cost: (80, 900) },
        Work { title: "Exterior repainting", scope: "Pressure washing, lead-safe scraping, elastomeric coating and graffiti removal within a day of a call.", classes: &["C-33"], skills: &["Painting", "Lead abatement", "Scaffolding"], cost: (35, 480) },
        Work { title: "Pothole and crack sealing", scope: "Spray patching, crack filling, slurry seal and restriping through the dry months.", classes: &["C-12", "A"], skills: &["Asphalt paving", "Traffic control"], cost: (90, 1_100) },
        Work { title: "Elevator and escalator service", scope: "Monthly inspections, load tests, step chain lubrication and a technician on site in business hours.", classes: &["C-11"], skills: &["Elevator maintenance"], cost: (70, 650) },
        Work { title: "Roof inspection and leak repair", scope: "Infrared survey, seam welding, drain clearing before the rains and a warranty log for each building.", classes: &["C-39"], skills: &["Roofing", "Waterproofing"], cost: (30, 380) },
        Work { title: "Irrigation and lawn conversion", scope: "Smart controllers, drip lines, leak audits, and thirsty turf replaced by native grasses and mulch.", classes: &["C-27"], skills: &["Irrigation", "Landscaping"], cost: (45, 520) },
    ],
};
