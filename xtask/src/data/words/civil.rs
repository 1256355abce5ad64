//! Roads, water, power, and the work of specialists.

use super::projects::{Category, Work};

#[rustfmt::skip]
pub(super) const INFRASTRUCTURE: Category = Category {
    name: "INFRASTRUCTURE",
    sites: &[
        "the levee road", "a regional water plant", "the light rail extension", "a county bridge", "the port terminal",
        "a municipal airport", "a creek corridor", "the state highway interchange", "a wastewater lagoon", "a mountain pass road",
        "an industrial spur", "the downtown core",
    ],
    works: &[
        Work { title: "Pavement rehabilitation", scope: "Cold planing, full-depth reclamation, rubberized hot mix asphalt overlay, thermoplastic striping and loop detectors.", classes: &["A", "C-12"], skills: &["Asphalt paving", "Traffic control", "Grading"], cost: (600, 9_000) },
        Work { title: "Bridge seismic strengthening", scope: "Column jackets, seat extenders, isolation bearings and deck overlay while one lane stays open.", classes: &["A"], skills: &["Seismic retrofit", "Rebar placement", "Welding", "Traffic control"], cost: (2_500, 26_000) },
        Work { title: "Water main replacement", scope: "Four thousand feet of ductile iron pipe, valves, hydrants, service laterals and trench restoration.", classes: &["A", "C-34"], skills: &["Underground utilities", "Trenching", "Pipefitting", "Traffic control"], cost: (700, 6_500) },
        Work { title: "Sewer lift station", scope: "Wet well, submersible pumps, odor scrubber, standby generator and telemetry; bypass pumping throughout.", classes: &["A", "C-10"], skills: &["Excavation", "Shoring", "Electrical wiring", "Concrete finishing"], cost: (900, 7_200) },
        Work { title: "Culvert replacement and fish passage", scope: "A perched culvert gives way to a natural-bottom arch; step pools let steelhead and coho climb again.", classes: &["A"], skills: &["Excavation", "Stormwater management", "Environmental remediation"], cost: (400, 3_800) },
        Work { title: "Sidewalk and curb ramp program", scope: "Two hundred accessible ramps with detectable warning tiles, new curb and gutter, and tree well repair.", classes: &["A", "C-8"], skills: &["Concrete finishing", "Form setting", "Traffic control"], cost: (350, 4_200) },
        Work { title: "Levee slope repair", scope: "Sheet pile cutoff wall, rock slope protection, toe drain and hydroseeding before the flood season.", classes: &["A"], skills: &["Grading", "Equipment operation", "Stormwater management", "Surveying"], cost: (1_500, 18_000) },
        Work { title: "Protected bikeway and signals", scope: "Concrete islands, bicycle signals, adaptive traffic control, fiber interconnect and green pavement.", classes: &["A", "C-10"], skills: &["Traffic control", "Electrical wiring", "Fiber optics", "Asphalt paving"], cost: (500, 5_600) },
        Work { title: "Broadband fiber backbone", scope: "Microtrenched conduit, 144-strand fiber, splice vaults and huts to bring underserved blocks online.", classes: &["C-7", "A"], skills: &["Fiber optics", "Trenching", "Underground utilities"], cost: (800, 9_500) },
        Work { title: "Recycled water pipeline", scope: "Purple pipe by horizontal directional drilling under the freeway, with pressure-reducing stations and meters.", classes: &["A"], skills: &["Underground utilities", "Welding", "Equipment operation"], cost: (1_200, 12_000) },
    ],
};

#[rustfmt::skip]
pub(super) const SPECIALTY: Category = Category {
    name: "SPECIALTY",
    sites: &[
        "a decommissioned gas station", "a vineyard estate", "a performing arts theater", "a municipal cemetery", "a film stage",
        "a zoo habitat", "a railway museum", "a stadium", "a planetarium", "a lighthouse", "a container terminal",
    ],
    works: &[
        Work { title: "Underground tank removal", scope: "Three fuel tanks are pulled, contaminated soil is hauled off and monitoring wells are drilled for the regional board.", classes: &["A", "HAZ"], skills: &["Environmental remediation", "Excavation", "Well drilling"], cost: (90, 800) },
        Work { title: "Elevator modernization", scope: "Traction machines, controllers, door operators and cab interiors for four cars, one car at a time.", classes: &["C-11"], skills: &["Elevator maintenance", "Electrical wiring"], cost: (300, 2_200) },
        Work { title: "Stone and terracotta restoration", scope: "Lime mortar repointing, dutchman repairs, replica terracotta and laser cleaning under the historic commission's eye.", classes: &["C-29"], skills: &["Masonry", "Historic preservation", "Scaffolding"], cost: (150, 1_900) },
        Work { title: "Stage rigging and acoustics", scope: "Motorized line sets, an orchestra shell, acoustic banners and a catwalk with fall protection.", classes: &["C-61", "C-51"], skills: &["Structural steel", "Welding", "Safety management"], cost: (200, 1_700) },
        Work { title: "Deep well and pump station", scope: "Sonic drilling to 600 feet, stainless casing, gravel pack, variable-frequency drive and chlorination.", classes: &["C-57"], skills: &["Well drilling", "Electrical wiring", "Welding"], cost: (120, 1_400) },
        Work { title: "Mural wall and wayfinding signs", scope: "Surface preparation, anti-graffiti coating, bilingual wayfinding signs and lighting for a neighborhood mural.", classes: &["C-45", "C-33"], skills: &["Signage", "Painting", "Scaffolding"], cost: (30, 260) },
        Work { title: "Refrigerated ammonia plant overhaul", scope: "Screw compressors, evaporative condensers, relief valves and a process safety management audit.", classes: &["C-38"], skills: &["Refrigeration", "Pipefitting", "Safety management"], cost: (350, 3_400) },
        Work { title: "Blast-resistant glazing", scope: "Laminated security glass, anchored frames and catch bars on the ground floor, installed behind hoardings.", classes: &["C-17"], skills: &["Glazing", "Structural steel"], cost: (110, 900) },
    ],
};
