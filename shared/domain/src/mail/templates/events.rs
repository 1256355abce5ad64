//! Mails about events and seats at them.

use std::borrow::Cow;

use crate::mail::letter::{Details, Letter};

pub(super) fn registered(details: &Details<'_>) -> Letter {
    about(
        details,
        "You have a seat",
        "You are registered for an event. If you cannot come, please give the seat back, so that somebody else can have it.",
        [],
    )
}

pub(super) fn held(details: &Details<'_>) -> Letter {
    about(
        details,
        "Your seat waits for its payment",
        "A seat is held for you. It is yours once it is paid; otherwise it goes to the next in line.",
        [
            ("To pay", details.price()),
            ("Held until", details.local_moment("until", "timeZone")),
        ],
    )
}

pub(super) fn waitlisted(details: &Details<'_>) -> Letter {
    about(
        details,
        "You are on the waitlist",
        "All seats are taken, so you wait for one. We write to you as soon as one is free and you are the next.",
        [],
    )
}

pub(super) fn seat_offered(details: &Details<'_>) -> Letter {
    about(
        details,
        "A seat is free for you",
        "A seat has come free, and you are the next in line. Please accept it in time: otherwise it goes to the next.",
        [("Accept it until", details.local_moment("until", "timeZone"))],
    )
}

pub(super) fn offer_expired(details: &Details<'_>) -> Letter {
    about(
        details,
        "The seat went to the next in line",
        "The seat that was offered to you was not accepted in time, and goes to the next in line. You can register again while \
         registrations are taken; later a seat that is free is given at the door.",
        [],
    )
}

pub(super) fn hold_expired(details: &Details<'_>) -> Letter {
    about(
        details,
        "Your seat is no longer held",
        "The seat that was held for you was not paid in time, and goes to the next in line. You can register again.",
        [],
    )
}

pub(super) fn changed(details: &Details<'_>) -> Letter {
    about(
        details,
        "An event has another time or place",
        "The time or the place of an event that you are registered for has changed. Calendars that you have subscribed to follow.",
        [(
            "Was to begin",
            details.local_moment("previousStartsAt", "timeZone"),
        )],
    )
}

pub(super) fn reminder(details: &Details<'_>) -> Letter {
    about(
        details,
        "Your event begins soon",
        "An event that you have a seat at begins soon. If you cannot come, please give the seat back, so that somebody else can have it.",
        [],
    )
}

/// Its page may be gone by the time that somebody reads of it.
pub(super) fn cancelled(details: &Details<'_>) -> Letter {
    told(
        details,
        "An event was called off",
        "An event that you are registered for does not take place. We are sorry. If you have paid for your seat, the money \
         goes back to you.",
    )
    .link("See other events", details.page("events"))
}

/// What happened, which event, and where to look at it.
fn about<const N: usize>(
    details: &Details<'_>,
    subject: &'static str,
    what: &str,
    facts: [(&'static str, Option<String>); N],
) -> Letter {
    let page = details
        .value("eventId")
        .map_or_else(|| "events".to_owned(), |id| format!("events/{id}"));
    told(details, subject, what)
        .facts(facts)
        .link("Open the event", details.page(&page))
}

/// What happened, and to which event: the subject names it, so that one mail can be told from the next.
fn told(details: &Details<'_>, subject: &'static str, what: &str) -> Letter {
    let title = details.value("title");
    let subject = title.as_ref().map_or_else(
        || Cow::Borrowed(subject),
        |title| Cow::Owned(format!("{subject}: {title}")),
    );
    Letter::new(subject, details).text(what).facts([
        ("Event", title),
        ("Begins", details.local_moment("startsAt", "timeZone")),
        ("Ends", details.local_moment("endsAt", "timeZone")),
        ("Where", place(details)),
    ])
}

/// Where it is, in one line. Not the address of a meeting: that is told to who is signed in.
fn place(details: &Details<'_>) -> Option<String> {
    let online = details.is("isOnline").then(|| "online".to_owned());
    let named = ["place", "address", "city"].map(|name| details.value(name));
    let parts: Vec<_> = named.into_iter().chain([online]).flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
