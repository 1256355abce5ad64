//! What staff do, and why they say they do it.

/// An action, the table it touches, and reasons that people give.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Action {
    pub(crate) name: &'static str,
    pub(crate) table: &'static str,
    pub(crate) reasons: &'static [&'static str],
}

#[rustfmt::skip]
pub(crate) const ACTIONS: &[(u32, Action)] = &[
    (20, Action { name: "users.approve", table: "users", reasons: &["Licence checked", "Two references", "Known to the board"] }),
    (6, Action { name: "users.suspend", table: "users", reasons: &["Dues unpaid for six months", "Licence suspended", "Complaint under review"] }),
    (5, Action { name: "users.reinstate", table: "users", reasons: &["Dues paid", "Complaint dismissed"] }),
    (12, Action { name: "users.update", table: "users", reasons: &["Change of address by phone", "Company renamed", ""] }),
    (5, Action { name: "roles.assign", table: "user_roles", reasons: &["Joined the events committee", "Covers for a colleague"] }),
    (3, Action { name: "roles.revoke", table: "user_roles", reasons: &["Left the committee", "Cover ended"] }),
    (9, Action { name: "projects.review", table: "projects", reasons: &["Complete", "Missing insurance terms", ""] }),
    (5, Action { name: "projects.cancel", table: "projects", reasons: &["Withdrawn by the owner", "Duplicate"] }),
    (8, Action { name: "events.update", table: "events", reasons: &["Room changed", "More seats", ""] }),
    (8, Action { name: "feedback.assign", table: "member_feedback", reasons: &["", "Needs the finance team"] }),
    (7, Action { name: "feedback.resolve", table: "member_feedback", reasons: &["Answered", "Mended", "Duplicate"] }),
    (5, Action { name: "payments.refund", table: "payments", reasons: &["Charged twice", "Event cancelled", "Goodwill"] }),
    (4, Action { name: "announcements.publish", table: "announcements", reasons: &[""] }),
    (12, Action { name: "contractors.contact", table: "california_contractors", reasons: &["Left a voice mail", "Interested", "Met at the mixer"] }),
    (1, Action { name: "imports.undo", table: "import_runs", reasons: &["Wrong file", "Cut download"] }),
];
