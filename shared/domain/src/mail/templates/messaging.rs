//! Mails about messages, announcements and tickets.

use crate::mail::letter::{Details, Letter};

pub(super) fn digest(details: &Details<'_>) -> Letter {
    let said = match (details.number("messages"), details.number("people")) {
        (Some(1), _) => "There is a message that you have not read yet.".to_owned(),
        (Some(messages), Some(1)) => {
            format!("There are {messages} messages from a member that you have not read yet.")
        }
        (Some(messages), Some(people)) => {
            format!("There are {messages} messages from {people} members that you have not read yet.")
        }
        _ => "There are messages that you have not read yet.".to_owned(),
    };
    Letter::new("You have unread messages", details)
        .text(said)
        .link("Read your messages", details.page("messages"))
}

pub(super) fn announcement(details: &Details<'_>) -> Letter {
    let page = details
        .value("announcementId")
        .map_or_else(|| "announcements".to_owned(), |id| format!("announcements/{id}"));
    Letter::new("Urgent news from NAMC NorCal", details)
        .text("There is urgent news for you at the member portal.")
        .facts([("About", details.value("title"))])
        .link("Read the news", details.page(&page))
}

pub(super) fn ticket_replied(details: &Details<'_>) -> Letter {
    let page = details
        .value("feedbackId")
        .map_or_else(|| "feedback".to_owned(), |id| format!("feedback/{id}"));
    Letter::new("There is a reply to a ticket", details)
        .text("There is a new reply to a ticket of yours.")
        .facts([("Ticket", details.value("subject"))])
        .link("Read the reply", details.page(&page))
}
