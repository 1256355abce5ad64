//! What people write to each other and to staff, and what staff announce.

#[rustfmt::skip]
pub(crate) const SUBJECTS: &[&str] = &[
    "Bid on Friday", "Your quote", "Site walk", "Teaming up?", "Insurance certificate", "Change order 3", "Invoice question",
    "Crew for next week", "Thanks for the introduction", "Mixer on Thursday", "Scaffold rental", "Certified payroll form",
    "Plans and addendum", "Reference, please", "Apprentice looking for hours", "¿Tienes cuadrilla?", "Permit is out", "Lunch?",
];

/// `{skill}` and `{city}` are filled in.
#[rustfmt::skip]
pub(crate) const SENTENCES: &[&str] = &[
    "Do you still have room for {skill} in March?", "We are bidding a job in {city} and need someone for {skill}.",
    "Our foreman says the slab in {city} is ready.", "Can you send your certificate of insurance with us as additional insured?",
    "The architect answered; the addendum changes the door schedule.", "I liked your number, but the schedule is tight.",
    "Let us split the scope: you take {skill}, we take the rest.", "The inspector comes on Tuesday at seven.",
    "Please call me before you order the material.", "Gracias por la recomendación, quedó muy bien el trabajo.",
    "Retention will be released when the punch list is done.", "They pay in thirty days, and they do pay.",
    "Is your bond good for half a million?", "I attached the takeoff; check the quantities for {skill}.",
    "See you at the mixer in {city}.", "We lost that one by two per cent.", "My cousin has a lift we can borrow.",
    "The walk-through in {city} was moved to nine.", "Who does your certified payroll?", "Good news: we got the job!",
    "Parking is bad there, come early.", "Could you be a reference for us?", "Thank you, that helped a lot.",
    "Let me ask the office and come back to you.", "The owner wants a price by Friday noon.",
];

/// Title and text of announcements.
#[rustfmt::skip]
pub(crate) const ANNOUNCEMENTS: &[(&str, &str)] = &[
    ("Office closed on Monday", "The office is closed for the holiday; the plan room stays open online."),
    ("New bonding program", "The transit district opens its bonding assistance program to members; ask for the one-page application."),
    ("Renew your membership", "Memberships that end this quarter can be renewed in your profile in two minutes."),
    ("Wildfire smoke guidance", "The air quality is poor: respirators must be offered when the index is above 150."),
    ("Board elections", "Nominations for the board are open until the end of the month."),
    ("Scholarships for apprentices", "Ten scholarships of $1,000 pay for tools and tuition."),
    ("Heat advisory", "Water, shade and rest: review the heat illness plan with every crew this week."),
    ("Disparity study survey", "Your answers decide the goals of the next five years; it takes ten minutes."),
    ("Prevailing wages change", "New determinations apply to bids advertised from the first of the month."),
    ("Portal maintenance", "The portal is away for half an hour on Sunday night."),
    ("Certification clinic", "Bring your tax returns: our volunteers go through the state form with you."),
    ("Earthquake hotline", "Members with crews for shoring and inspection, please put your names on the list."),
];

/// Category, subject and text of tickets.
#[rustfmt::skip]
pub(crate) const TICKETS: &[(&str, &str, &str)] = &[
    ("BUG", "Map does not load on my phone", "The project map stays gray on an older Android phone."),
    ("BUG", "Search finds nothing for my city", "I typed my city and the list was empty, but I know there are jobs."),
    ("FEATURE", "Alerts by text message", "Could new projects be sent as text messages?"),
    ("FEATURE", "Export my applications", "I need a spreadsheet of my bids for my surety."),
    ("ACCOUNT", "Change of company name", "We incorporated; please change the name and keep our history."),
    ("ACCOUNT", "Cannot sign in", "The code from my phone is refused since I have a new one."),
    ("BILLING", "Charged twice", "My card shows the dues two times this month."),
    ("BILLING", "Receipt for the dinner", "Please send a receipt with our tax number."),
    ("EVENT", "Moved up from the waitlist?", "Am I in for the certification workshop?"),
    ("PROJECT", "Deadline is wrong", "The addendum says the tenth, the page says the third."),
    ("PROJECT", "Bid withdrawn by mistake", "I pressed withdraw; can it be undone before Friday?"),
    ("OTHER", "Interpreter for Cantonese", "My father would like to come to the training."),
];

#[rustfmt::skip]
pub(crate) const REPLIES: &[&str] = &[
    "Thank you for telling us. We are looking into it.", "This is mended now; please try again.", "Could you send a screenshot?",
    "Done. You will see it in your profile.", "We have refunded the second charge; it takes five days.",
    "That worked, thanks!", "It still does not work for me.", "We have put it on the list for next quarter.",
];
