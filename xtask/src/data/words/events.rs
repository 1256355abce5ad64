//! What happens at events.

/// A kind of event.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Kind {
    /// `type` of the table.
    pub(crate) name: &'static str,
    pub(crate) titles: &'static [&'static str],
    pub(crate) descriptions: &'static [&'static str],
    /// Full prices, in dollars.
    pub(crate) prices: &'static [i64],
    /// How long it lasts, in hours.
    pub(crate) hours: i64,
    /// Seats from and to.
    pub(crate) seats: (i64, i64),
}

#[rustfmt::skip]
pub(crate) const KINDS: &[(u32, Kind)] = &[
    (26, Kind { name: "NETWORKING", titles: &["First Thursday Mixer", "Prime Contractors Meet and Greet", "Tacos and Trades Night", "Subcontractor Speed Dating", "Women in Construction Breakfast", "Lunar New Year Builders' Banquet"], descriptions: &["Bring cards: six general contractors look for minority-owned trade partners.", "An easy evening for members and friends; the food truck comes at six.", "Ten minutes with each estimator, then the bell rings."], prices: &[0, 0, 15, 25], hours: 3, seats: (40, 220) }),
    (22, Kind { name: "TRAINING", titles: &["OSHA 30 for Construction", "Certified Payroll and Prevailing Wage", "Silica and Lead Awareness", "Forklift Operator Certification", "Heat Illness Prevention", "First Aid and CPR for Crews"], descriptions: &["Cards are issued on the day; bring identification.", "In English and Spanish, with interpreters for Cantonese on request.", "Half classroom, half yard: closed shoes, please."], prices: &[0, 35, 75, 150], hours: 8, seats: (15, 60) }),
    (16, Kind { name: "WORKSHOP", titles: &["Bonding and Lines of Credit", "Estimating with Digital Takeoff", "How to Bid on Public Works", "Insurance Certificates Demystified", "Applying for DBE Certification", "Marketing on a Shoestring"], descriptions: &["Sureties and lenders explain what they look for and review your statement on the spot.", "Bring a laptop and a set of drawings; we count studs together.", "Step by step through the forms, with people who approve them."], prices: &[0, 0, 20, 45], hours: 3, seats: (20, 80) }),
    (16, Kind { name: "MEETING", titles: &["General Membership Meeting", "Legislative Committee", "Safety Committee", "Transit District Outreach Meeting", "Pre-Bid Conference", "Apprenticeship Council"], descriptions: &["Reports, elections and open floor.", "The agency presents its next eighteen months of contracts.", "Agenda and minutes are among the files."], prices: &[0], hours: 2, seats: (20, 150) }),
    (9, Kind { name: "CONFERENCE", titles: &["Northern California Builders' Conference", "Green Building and Electrification Summit", "Infrastructure and Equity Forum", "Housing Production Symposium"], descriptions: &["Two tracks, forty exhibitors, and a matchmaking hall where agencies meet small firms.", "Keynotes on heat pumps, mass timber and community workforce agreements."], prices: &[95, 150, 295], hours: 9, seats: (150, 600) }),
    (5, Kind { name: "AWARDS", titles: &["Contractor of the Year Dinner", "Scholarship Awards Luncheon", "Trailblazers in the Trades"], descriptions: &["Formal dress or your best boots; tables of ten.", "We honor apprentices, elders and the firms that hire them."], prices: &[85, 125], hours: 4, seats: (120, 400) }),
    (6, Kind { name: "FUNDRAISER", titles: &["Golf Tournament for Scholarships", "Crab Feed", "Toy Drive and Toast", "Habitat Build Day"], descriptions: &["Every dollar goes to apprentices' tools and tuition.", "Four to a team, lunch included; hole sponsors welcome."], prices: &[40, 120, 200], hours: 6, seats: (60, 180) }),
];

#[rustfmt::skip]
pub(crate) const PLACES: &[&str] = &[
    "Union Hall", "Community Center", "Main Library Auditorium", "Marriott Ballroom", "College of Trades, Building C",
    "Chamber of Commerce", "Port Conference Room", "Elks Lodge", "Cultural Center", "City Hall Council Chamber", "Plan Room",
    "Japanese Garden Pavilion", "Carpenters Training Center", "Fairgrounds Expo Hall",
];

#[rustfmt::skip]
pub(crate) const TOPICS: &[&str] = &[
    "certified payroll", "surety bonds", "public works bidding", "labor compliance", "workforce agreements", "electrification",
    "cash flow", "safety culture", "insurance", "succession planning", "mentor-protégé programs", "stormwater permits",
];

#[rustfmt::skip]
pub(crate) const SPONSORS: &[&str] = &[
    "Specimen Surety", "Example Building Supply", "Sample Community Bank", "Placeholder Rents", "Invented Steel",
    "Golden Poppy Insurance", "Bayshore Specimen Law",
];
