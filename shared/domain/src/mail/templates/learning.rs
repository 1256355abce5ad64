//! Mails about courses and certificates.

use crate::mail::letter::{Details, Letter};

pub(super) fn enrolled(details: &Details<'_>) -> Letter {
    about(
        details,
        "You take a course",
        "You are enrolled in a course, and can begin whenever you like.",
        [],
    )
}

pub(super) fn held(details: &Details<'_>) -> Letter {
    about(
        details,
        "Your course waits for its payment",
        "A course is kept for you at the price of today. You can begin once it is paid.",
        [
            ("To pay", details.price()),
            ("Kept until", details.moment("until")),
        ],
    )
}

pub(super) fn hold_expired(details: &Details<'_>) -> Letter {
    about(
        details,
        "Your course was not paid in time",
        "The course that was kept for you was not paid in time. You can take it up again.",
        [],
    )
}

pub(super) fn completed(details: &Details<'_>) -> Letter {
    about(
        details,
        "You have completed a course",
        "Congratulations: you have completed the course, and there is a certificate for you. Anyone can verify it by its number.",
        [
            ("Certificate", details.value("certificateNumber")),
            ("Good until", details.day("expiresAt")),
        ],
    )
}

pub(super) fn expiring(details: &Details<'_>) -> Letter {
    let what = match details.number("days") {
        Some(days) => format!(
            "A certificate of yours runs out within {days} days. Take the course again to have a new one."
        ),
        None => "A certificate of yours runs out soon. Take the course again to have a new one.".to_owned(),
    };
    about(
        details,
        "A certificate runs out soon",
        &what,
        [
            ("Certificate", details.value("certificateNumber")),
            ("Good until", details.day("expiresAt")),
        ],
    )
}

pub(super) fn revoked(details: &Details<'_>) -> Letter {
    about(
        details,
        "A certificate was revoked",
        "A certificate of yours was revoked: who verifies it is told so. Please write to us if you think that this is a mistake.",
        [
            ("Certificate", details.value("certificateNumber")),
            ("Why", details.value("reason")),
        ],
    )
}

pub(super) fn reinstated(details: &Details<'_>) -> Letter {
    about(
        details,
        "Your certificate is good again",
        "A certificate of yours had been revoked, and that was taken back: who verifies it is told that it is good.",
        [("Certificate", details.value("certificateNumber"))],
    )
}

/// What happened, which course, and where to look at it.
fn about<const N: usize>(
    details: &Details<'_>,
    subject: &'static str,
    what: &str,
    facts: [(&'static str, Option<String>); N],
) -> Letter {
    let page = details
        .value("courseId")
        .map_or_else(|| "courses".to_owned(), |id| format!("courses/{id}"));
    Letter::new(subject, details)
        .text(what)
        .facts([("Course", details.value("title"))])
        .facts(facts)
        .link("Open the course", details.page(&page))
}
