//! Mails about projects and bids.

use crate::mail::letter::{Details, Letter};

pub(super) fn addendum(details: &Details<'_>) -> Letter {
    about(
        details,
        "A project that you bid on has changed",
        "A project that you have bid on was changed. Please read what is new, and acknowledge it.",
        [
            ("Project", details.value("title")),
            (
                "Addendum",
                details.number("number").map(|number| number.to_string()),
            ),
            ("What is new", details.value("summary")),
        ],
    )
}

pub(super) fn cancelled(details: &Details<'_>) -> Letter {
    about(
        details,
        "A project that you bid on was cancelled",
        "A project that you have bid on was given up: it will not be built. Thank you for your bid.",
        [("Project", details.value("title"))],
    )
}

pub(super) fn award_won(details: &Details<'_>) -> Letter {
    about(
        details,
        "You have won a project",
        "Congratulations: the owner has given the work to you, and will be in touch.",
        [("Project", details.value("title"))],
    )
}

pub(super) fn award_lost(details: &Details<'_>) -> Letter {
    about(
        details,
        "A project that you bid on was awarded",
        "The owner has given the work to another bidder this time. Thank you for your bid.",
        [("Project", details.value("title"))],
    )
}

pub(super) fn invitation(details: &Details<'_>) -> Letter {
    about(
        details,
        "You are invited to bid",
        "You are invited to see a project and to bid on it.",
        [("Project", details.value("title"))],
    )
}

pub(super) fn application_received(details: &Details<'_>) -> Letter {
    about(
        details,
        "There is a new bid on your project",
        "A member has bid on your project.",
        [("Project", details.value("title"))],
    )
}

/// What happened to a project, and where to look at it.
fn about<const N: usize>(
    details: &Details<'_>,
    subject: &'static str,
    what: &str,
    facts: [(&'static str, Option<String>); N],
) -> Letter {
    let page = details
        .value("projectId")
        .map_or_else(|| "projects".to_owned(), |id| format!("projects/{id}"));
    Letter::new(subject, details)
        .text(what)
        .facts(facts)
        .link("Open the project", details.page(&page))
}
