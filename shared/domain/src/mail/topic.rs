//! Which mails a member can do without.

use super::MailKind;
use crate::notification::Topic;

impl MailKind {
    /// The topic that a member may turn off, and with whose mails quiet hours are kept. None for mails about the account itself, and about
    /// a seat that is kept for so long and no longer: those always go out at once.
    #[must_use]
    pub const fn topic(self) -> Option<Topic> {
        match self {
            Self::VerifyEmail
            | Self::AlreadyRegistered
            | Self::ResetPassword
            | Self::PasswordChanged
            | Self::EmailChangeConfirm
            | Self::EmailChanged
            | Self::NewSignIn
            | Self::AccountLocked
            | Self::MfaEnabled
            | Self::MfaDisabled
            | Self::SecondFactorGuessed
            | Self::RecoveryCodesRenewed
            | Self::RecoveryCodeUsed
            | Self::AccountApproved
            | Self::AccountMerged
            // A certificate that is worth nothing any more, or is again.
            | Self::CertificateRevoked
            | Self::CertificateReinstated
            // Money, and what one is a member by.
            | Self::PaymentReceipt
            | Self::PaymentFailed
            | Self::PaymentNotGiven
            | Self::PaymentRefunded
            | Self::MembershipExpiring
            | Self::MembershipEnded
            | Self::MembershipLapsed
            | Self::MembershipInvitation
            | Self::MembershipCovered
            // What was asked for, and is lost while quiet hours last.
            | Self::CourseHeld
            | Self::EventHeld
            | Self::EventSeatOffered => None,
            Self::ProjectAddendum
            | Self::ProjectCancelled
            | Self::AwardWon
            | Self::AwardLost
            | Self::ProjectInvitation
            | Self::ApplicationReceived => Some(Topic::Projects),
            Self::SavedSearchAlert => Some(Topic::Searches),
            Self::EventRegistered
            | Self::EventWaitlisted
            | Self::EventOfferExpired
            | Self::EventHoldExpired
            | Self::EventChanged
            | Self::EventReminder
            | Self::EventCancelled => Some(Topic::Events),
            Self::CourseEnrolled
            | Self::CourseHoldExpired
            | Self::CourseCompleted
            | Self::CertificateExpiring => Some(Topic::Courses),
            Self::MessageDigest => Some(Topic::Digest),
            Self::UrgentAnnouncement => Some(Topic::Announcements),
            Self::TicketReplied => Some(Topic::Tickets),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_about_the_account_cannot_be_turned_off() {
        for kind in [
            MailKind::ResetPassword,
            MailKind::NewSignIn,
            MailKind::AccountLocked,
        ] {
            assert_eq!(kind.topic(), None);
        }
        assert_eq!(MailKind::AwardWon.topic(), Some(Topic::Projects));
    }
}
