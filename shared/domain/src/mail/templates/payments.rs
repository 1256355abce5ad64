//! Mails about money and memberships.

use crate::mail::letter::{Details, Letter};

pub(super) fn receipt(details: &Details<'_>) -> Letter {
    about_payment(
        details,
        "Your receipt",
        "Thank you: we have received your payment. You can download the receipt whenever you need it.",
        [
            ("Receipt", details.value("receiptNumber")),
            ("Paid", details.price()),
        ],
    )
}

pub(super) fn failed(details: &Details<'_>) -> Letter {
    about_payment(
        details,
        "Your payment was refused",
        "Your bank has refused the payment, and nothing was taken. You can try again, also with another card.",
        [("To pay", details.price())],
    )
}

pub(super) fn not_given(details: &Details<'_>) -> Letter {
    about_payment(
        details,
        "Your payment goes back to you",
        "We have received your payment, but what it was for could not be given to you any more. All of the money goes back to you by the way \
         that it came; that takes a few days at the bank.",
        [("Paid", details.price()), ("Why", details.value("reason"))],
    )
}

pub(super) fn refunded(details: &Details<'_>) -> Letter {
    about_payment(
        details,
        "Money goes back to you",
        "We have given money back to you by the way that it came; that takes a few days at the bank.",
        [
            ("Given back", details.price()),
            ("Receipt", details.value("receiptNumber")),
            ("Why", details.value("reason")),
        ],
    )
}

pub(super) fn expiring(details: &Details<'_>) -> Letter {
    let what = match details.number("days") {
        Some(1) => "Your membership ends tomorrow at the latest.".to_owned(),
        Some(days) => format!("Your membership ends within {days} days."),
        None => "Your membership ends soon.".to_owned(),
    };
    about_membership(
        details,
        "Your membership ends soon",
        &format!("{what} Renewed now, the next period begins where this one ends: no day is lost."),
        [("Until", details.moment("expiresAt"))],
    )
}

pub(super) fn ended(details: &Details<'_>) -> Letter {
    about_membership(
        details,
        "Your membership has ended",
        "Your membership has ended. For some days nothing changes: renewed until then, it goes on as if it had never ended.",
        [("To be renewed until", details.moment("until"))],
    )
}

pub(super) fn lapsed(details: &Details<'_>) -> Letter {
    about_membership(
        details,
        "Your membership has lapsed",
        "Your membership was not renewed, and has lapsed. You are welcome back at any time.",
        [],
    )
}

pub(super) fn invited(details: &Details<'_>) -> Letter {
    Letter::new("You are invited to a membership", details)
        .text(
            "The holder of a membership of NAMC NorCal invites you to be covered by it: with all that it brings, and free of charge for you. \
             Sign in with this address, or sign up with it, and accept the invitation.",
        )
        .facts([("Invited by", details.value("company"))])
        .link("Look at the invitation", details.page("membership"))
        .text("If you do not know who invites you, leave this mail alone: nothing changes.")
}

pub(super) fn covered(details: &Details<'_>) -> Letter {
    Letter::new("A membership covers you now", details)
        .text("The holder of a membership of NAMC NorCal has added you to it: it covers you now, with all that it brings.")
        .facts([("Added by", details.value("company"))])
        .link("Open your membership", details.page("membership"))
}

/// What happened, what was paid for, and where to look at it.
fn about_payment<const N: usize>(
    details: &Details<'_>,
    subject: &'static str,
    what: &str,
    facts: [(&'static str, Option<String>); N],
) -> Letter {
    let page = details
        .value("paymentId")
        .map_or_else(|| "payments".to_owned(), |id| format!("payments/{id}"));
    Letter::new(subject, details)
        .text(what)
        .facts([("For", details.value("title"))])
        .facts(facts)
        .link("Open the payment", details.page(&page))
}

fn about_membership<const N: usize>(
    details: &Details<'_>,
    subject: &'static str,
    what: &str,
    facts: [(&'static str, Option<String>); N],
) -> Letter {
    Letter::new(subject, details)
        .text(what)
        .facts([("Membership", details.value("title"))])
        .facts(facts)
        .link("Open your membership", details.page("membership"))
}
