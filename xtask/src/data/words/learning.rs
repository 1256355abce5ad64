//! What courses teach.

/// A subject with its courses.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Subject {
    pub(crate) category: &'static str,
    pub(crate) titles: &'static [&'static str],
    pub(crate) promise: &'static str,
    pub(crate) modules: &'static [&'static str],
}

#[rustfmt::skip]
pub(crate) const SUBJECTS: &[Subject] = &[
    Subject { category: "SAFETY", titles: &["Fall Protection", "Confined Space Entry", "Trench and Excavation Safety", "Silica Exposure Control", "Scaffold Competent Person", "Heat Illness Prevention"], promise: "Know the hazard, plan the job and bring everyone home.", modules: &["What the law asks for", "Spotting the hazard", "Equipment and its inspection", "The plan on paper", "Rescue", "Talking to the crew", "Records and citations"] },
    Subject { category: "BUSINESS", titles: &["Reading Financial Statements", "Job Costing", "Cash Flow for Contractors", "Building a Surety Relationship", "Contracts and Change Orders", "Mechanics Liens and Stop Notices"], promise: "Run the office as well as you run the site.", modules: &["Where the money goes", "Work in progress", "Overhead and markup", "Getting paid", "Reading a contract", "When things go wrong", "Choosing advisers"] },
    Subject { category: "BIDDING", titles: &["Public Works Bidding", "Quantity Takeoff", "Estimating Labor and Equipment", "Responding to Requests for Proposals", "Good Faith Efforts"], promise: "From the advertisement to the signed contract.", modules: &["Finding work", "Reading drawings", "Counting and measuring", "Pricing risk", "Filling in the forms", "Bid day", "After the bid opening"] },
    Subject { category: "COMPLIANCE", titles: &["Prevailing Wage and Certified Payroll", "Apprenticeship Requirements", "Disadvantaged Business Certification", "Stormwater Pollution Prevention", "Skilled and Trained Workforce"], promise: "Paperwork that stands up to an audit.", modules: &["Who is covered", "Wage determinations", "The weekly report", "Apprentices", "Site visits", "Penalties and appeals"] },
    Subject { category: "TRADES", titles: &["Heat Pump Installation", "Photovoltaic Systems", "Blueprint Reading", "Concrete Finishing Techniques", "Welding Symbols and Procedures", "Residential Wiring", "Water-Efficient Irrigation", "Seismic Retrofit of Wood Frames"], promise: "Hands-on knowledge from people who have done it for decades.", modules: &["Tools and materials", "Codes", "Layout", "Rough-in", "Finish", "Testing and commissioning", "Common mistakes", "Maintenance"] },
    Subject { category: "TECHNOLOGY", titles: &["Introduction to BIM", "Drones on the Jobsite", "Project Scheduling Software", "Digital Plan Rooms", "Spreadsheets for Estimators"], promise: "The computer as another good tool.", modules: &["Setting up", "The first project", "Working together", "Quality checks", "Printing and sharing", "Going further"] },
    Subject { category: "LICENSING", titles: &["Law and Business Exam Preparation", "General Building Exam Preparation", "Electrical Exam Preparation", "Landscaping Exam Preparation"], promise: "Pass the state's examination at the first try.", modules: &["The application", "Business law", "Employment law", "Trade questions I", "Trade questions II", "A mock exam"] },
];

/// Suffixes that tell one course on a subject from the next.
#[rustfmt::skip]
pub(crate) const EDITIONS: &[&str] = &[
    "Essentials", "in Spanish", "Advanced", "Refresher", "for Supervisors", "Weekend Intensive", "Online", "for Small Firms",
    "Bootcamp", "Case Studies", "in Practice", "Masterclass",
];
