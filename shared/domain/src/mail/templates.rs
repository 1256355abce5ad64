//! The words of each kind.

mod events;
mod learning;
mod messaging;
mod payments;
mod projects;
mod search;

use super::MailKind;
use super::letter::{Details, Letter, LetterError};

const NOT_YOU: &str = "If this was not you, set a new password at once, and then sign out everywhere.";
const IGNORE: &str = "If you did not ask for this, leave this mail alone: nothing changes.";

/// The letter of a kind; one that its reader can do without says where to choose.
pub(super) fn letter(kind: MailKind, details: &Details<'_>) -> Result<Letter, LetterError> {
    let letter = words(kind, details)?;
    Ok(match kind.topic() {
        Some(_) => letter.link(
            "Choose which mails you get",
            details.page("settings/notifications"),
        ),
        None => letter,
    })
}

fn words(kind: MailKind, details: &Details<'_>) -> Result<Letter, LetterError> {
    Ok(match kind {
        MailKind::VerifyEmail => verify_email(details)?,
        MailKind::AlreadyRegistered => already_registered(details),
        MailKind::ResetPassword => reset_password(details)?,
        MailKind::PasswordChanged => happened(
            details,
            "Your password was changed",
            "The password of your account was changed. Devices that were signed in before have to sign in again.",
        ),
        MailKind::EmailChangeConfirm => email_change_confirm(details)?,
        MailKind::EmailChanged => email_changed(details),
        MailKind::NewSignIn => happened(
            details,
            "A new device signed in",
            "Your account was used from a device that had not signed in before. If this was you, there is nothing to do.",
        ),
        MailKind::AccountLocked => account_locked(details),
        MailKind::MfaEnabled => happened(
            details,
            "Two-step sign-in is on",
            "Signing in now takes a code from your authenticator app as well. Keep your recovery codes where you find them \
             without your phone.",
        ),
        MailKind::MfaDisabled => happened(
            details,
            "Two-step sign-in is off",
            "Signing in no longer takes a code from your authenticator app: the password alone is enough.",
        ),
        MailKind::SecondFactorGuessed => happened(
            details,
            "Somebody may have your password",
            "Somebody gave the right password of your account, and then several wrong codes for the second step. Nobody got in that \
             way, and guessing on is slowed down.",
        ),
        MailKind::RecoveryCodesRenewed => happened(
            details,
            "You have new recovery codes",
            "New recovery codes were made for your account. The ones before are worth nothing any more.",
        ),
        MailKind::RecoveryCodeUsed => recovery_code_used(details),
        MailKind::AccountApproved => account_approved(details),
        MailKind::AccountMerged => account_merged(details),
        MailKind::ProjectAddendum => projects::addendum(details),
        MailKind::ProjectCancelled => projects::cancelled(details),
        MailKind::AwardWon => projects::award_won(details),
        MailKind::AwardLost => projects::award_lost(details),
        MailKind::ProjectInvitation => projects::invitation(details),
        MailKind::ApplicationReceived => projects::application_received(details),
        MailKind::SavedSearchAlert => search::alert(details),
        MailKind::MessageDigest => messaging::digest(details),
        MailKind::UrgentAnnouncement => messaging::announcement(details),
        MailKind::TicketReplied => messaging::ticket_replied(details),
        MailKind::EventRegistered => events::registered(details),
        MailKind::EventHeld => events::held(details),
        MailKind::EventWaitlisted => events::waitlisted(details),
        MailKind::EventSeatOffered => events::seat_offered(details),
        MailKind::EventOfferExpired => events::offer_expired(details),
        MailKind::EventHoldExpired => events::hold_expired(details),
        MailKind::EventChanged => events::changed(details),
        MailKind::EventReminder => events::reminder(details),
        MailKind::EventCancelled => events::cancelled(details),
        MailKind::CourseEnrolled => learning::enrolled(details),
        MailKind::CourseHeld => learning::held(details),
        MailKind::CourseHoldExpired => learning::hold_expired(details),
        MailKind::CourseCompleted => learning::completed(details),
        MailKind::CertificateExpiring => learning::expiring(details),
        MailKind::CertificateRevoked => learning::revoked(details),
        MailKind::CertificateReinstated => learning::reinstated(details),
        MailKind::PaymentReceipt => payments::receipt(details),
        MailKind::PaymentFailed => payments::failed(details),
        MailKind::PaymentNotGiven => payments::not_given(details),
        MailKind::PaymentRefunded => payments::refunded(details),
        MailKind::MembershipExpiring => payments::expiring(details),
        MailKind::MembershipEnded => payments::ended(details),
        MailKind::MembershipLapsed => payments::lapsed(details),
        MailKind::MembershipInvitation => payments::invited(details),
        MailKind::MembershipCovered => payments::covered(details),
    })
}

fn verify_email(details: &Details<'_>) -> Result<Letter, LetterError> {
    let kind = MailKind::VerifyEmail;
    Ok(Letter::new("Confirm your e-mail address", details)
        .text("This address was used to sign up for the member portal of NAMC NorCal. Please confirm that it is yours.")
        .link("Confirm the address", details.opened(kind, "verify-email")?)
        .text(works_once(details))
        .text(IGNORE))
}

fn already_registered(details: &Details<'_>) -> Letter {
    Letter::new("You have an account already", details)
        .text("This address was used to sign up for the member portal of NAMC NorCal, but it has an account already.")
        .link("Sign in", details.page("login"))
        .text("If you have forgotten your password, you can set a new one.")
        .link("Set a new password", details.page("forgot-password"))
        .text(IGNORE)
}

fn reset_password(details: &Details<'_>) -> Result<Letter, LetterError> {
    let kind = MailKind::ResetPassword;
    Ok(Letter::new("Set a new password", details)
        .text("A new password was asked for your account at the member portal of NAMC NorCal.")
        .link("Set a new password", details.opened(kind, "reset-password")?)
        .text(works_once(details))
        .text(IGNORE))
}

fn email_change_confirm(details: &Details<'_>) -> Result<Letter, LetterError> {
    let kind = MailKind::EmailChangeConfirm;
    Ok(Letter::new("Confirm your new e-mail address", details)
        .text("This address is to become the one that you sign in with. Please confirm that it is yours.")
        .link("Confirm the address", details.opened(kind, "verify-email")?)
        .text(works_once(details))
        .text(IGNORE))
}

fn email_changed(details: &Details<'_>) -> Letter {
    Letter::new("Your e-mail address was changed", details)
        .text("The e-mail address of your account was changed. Mails no longer go to the address that you read this at.")
        .facts([
            ("New address", details.value("newEmail")),
            ("When", details.moment("at")),
            ("Device", details.value("device")),
            ("Network address", details.value("address")),
        ])
        .text("If this was not you, write to the office of NAMC NorCal at once: we can give the account back to you.")
}

fn account_locked(details: &Details<'_>) -> Letter {
    Letter::new("Too many wrong passwords", details)
        .text(
            "A wrong password was given for your account many times, so for a while it takes no further tries. \
             A device that has signed in before can still sign in.",
        )
        .facts([
            ("When", details.moment("at")),
            ("Until", details.moment("until")),
            ("Network address", details.value("address")),
        ])
        .text("If you have forgotten your password, you can set a new one.")
        .link("Set a new password", details.page("forgot-password"))
}

fn account_approved(details: &Details<'_>) -> Letter {
    Letter::new("You are a member now", details)
        .text(
            "The staff of NAMC NorCal have approved your account. The directory shows you to other members now, and the whole portal \
             is open to you.",
        )
        .link("Sign in", details.page("login"))
}

fn account_merged(details: &Details<'_>) -> Letter {
    Letter::new("Your two accounts are one now", details)
        .text(
            "The staff of NAMC NorCal have made one account of two at the member portal. What the closed one had, such as messages, \
             registrations, memberships and payments, is with the other one now. Sign in with the address of that one.",
        )
        .facts([
            ("Account that is left", details.value("keptEmail")),
            ("Closed account", details.value("closedEmail")),
        ])
        .text("If these are not both yours, write to the office of NAMC NorCal at once.")
        .link("Sign in", details.page("login"))
}

fn recovery_code_used(details: &Details<'_>) -> Letter {
    let left = details.number("left").map(|left| match left {
        0 => "None is left: make new ones now.".to_owned(),
        1 => "One is left: make new ones soon.".to_owned(),
        left => format!("{left} are left."),
    });
    let said = "A recovery code was used to sign in to your account.";
    happened(
        details,
        "A recovery code was used",
        &left.map_or_else(|| said.to_owned(), |left| format!("{said} {left}")),
    )
}

/// Something happened to the account that its owner should know of.
fn happened(details: &Details<'_>, subject: &'static str, what: &str) -> Letter {
    Letter::new(subject, details)
        .text(what)
        .facts([
            ("When", details.moment("at")),
            ("Device", details.value("device")),
            ("Network address", details.value("address")),
        ])
        .text(NOT_YOU)
        .link("Set a new password", details.page("forgot-password"))
}

/// For how long the link works.
fn works_once(details: &Details<'_>) -> String {
    let within = details.number("validMinutes").map(|minutes| match minutes {
        60 => "an hour".to_owned(),
        minutes if minutes > 60 && minutes % 60 == 0 => format!("{} hours", minutes / 60),
        minutes => format!("{minutes} minutes"),
    });
    match within {
        Some(within) => format!("The link works once, within {within}."),
        None => "The link works once, for a short time.".to_owned(),
    }
}
