//! The kinds of mail.

use crate::words::words;

words! {
    /// What a mail is about. Each says which members of the payload its words use; those that are optional may be left out, and
    /// their sentence then is too. `at` is an RFC 3339 time.
    MailKind {
        /// To a new member, with the token that confirms the address. Secret: the token. Optional: `validMinutes`.
        VerifyEmail = "VERIFY_EMAIL",
        /// Somebody signed up with the address of an account that is there already.
        AlreadyRegistered = "ALREADY_REGISTERED",
        /// Secret: the token that sets a new password. Optional: `validMinutes`.
        ResetPassword = "RESET_PASSWORD",
        /// The password was changed. Optional: `at`, `device`, `address`.
        PasswordChanged = "PASSWORD_CHANGED",
        /// To the new address of an account. Secret: the token that confirms it. Optional: `validMinutes`.
        EmailChangeConfirm = "EMAIL_CHANGE_CONFIRM",
        /// To the address that an account had before. Optional: `newEmail`, `at`, `device`, `address`.
        EmailChanged = "EMAIL_CHANGED",
        /// A device signed in that had not before. Optional: `at`, `device`, `address`.
        NewSignIn = "NEW_SIGN_IN",
        /// Too many wrong passwords. Optional: `at`, `until` (RFC 3339), `address`.
        AccountLocked = "ACCOUNT_LOCKED",
        /// A second factor was set up. Optional: `at`, `device`, `address`.
        MfaEnabled = "MFA_ENABLED",
        /// The second factor was removed. Optional: `at`, `device`, `address`.
        MfaDisabled = "MFA_DISABLED",
        /// The password was right, and then code after code of the second factor was wrong. Optional: `at`, `device`, `address`.
        SecondFactorGuessed = "SECOND_FACTOR_GUESSED",
        /// New recovery codes took the place of the old ones. Optional: `at`, `device`, `address`.
        RecoveryCodesRenewed = "RECOVERY_CODES_RENEWED",
        /// A recovery code was used. Optional: `left` (a number), `at`, `device`, `address`.
        RecoveryCodeUsed = "RECOVERY_CODE_USED",
        /// To a bidder: the project was changed. Optional: `title`, `projectId`, `number`, `summary`.
        ProjectAddendum = "PROJECT_ADDENDUM",
        /// To a bidder: the project was given up. Optional: `title`, `projectId`.
        ProjectCancelled = "PROJECT_CANCELLED",
        /// To the bidder who gets the work. Optional: `title`, `projectId`.
        AwardWon = "AWARD_WON",
        /// To the bidders who do not. Optional: `title`, `projectId`.
        AwardLost = "AWARD_LOST",
        /// To a member who may see and bid on a project. Optional: `title`, `projectId`.
        ProjectInvitation = "PROJECT_INVITATION",
        /// To a project's owner: there is a bid. Optional: `title`, `projectId`.
        ApplicationReceived = "APPLICATION_RECEIVED",
        /// What is new in a member's saved searches. Optional: `searches`, each with its `name`, its `query` (a query string), its
        /// `results` (each with `type`, `id` and `title`), how many `more` there are, and whether those are as many as are counted
        /// (`isCapped`).
        SavedSearchAlert = "SAVED_SEARCH_ALERT",
        /// The day's unread messages. Optional: `messages` and `people` (numbers).
        MessageDigest = "MESSAGE_DIGEST",
        /// News from staff that cannot wait. Optional: `title`, `announcementId`.
        UrgentAnnouncement = "URGENT_ANNOUNCEMENT",
        /// To a member whom staff have approved.
        AccountApproved = "ACCOUNT_APPROVED",
        /// To the addresses of two accounts that staff have made one of. Optional: `keptEmail`, `closedEmail`.
        AccountMerged = "ACCOUNT_MERGED",
        /// The other side has replied to a ticket. Optional: `subject`, `feedbackId`.
        TicketReplied = "TICKET_REPLIED",
        /// To who has a seat now. Optional here and below: `title`, `eventId`, `startsAt` and `endsAt` (RFC 3339) with `timeZone`, `place`,
        /// `address`, `city`, `isOnline`.
        EventRegistered = "EVENT_REGISTERED",
        /// A seat is held until it is paid. Optional: `until`, `amountCents`, `currency`.
        EventHeld = "EVENT_HELD",
        /// To who waits for a seat now.
        EventWaitlisted = "EVENT_WAITLISTED",
        /// To the first who waits: a seat is free. Optional: `until`.
        EventSeatOffered = "EVENT_SEAT_OFFERED",
        /// The offered seat was not accepted in time.
        EventOfferExpired = "EVENT_OFFER_EXPIRED",
        /// The held seat was not paid in time.
        EventHoldExpired = "EVENT_HOLD_EXPIRED",
        /// To all who are registered or wait: another time or place. Optional: `previousStartsAt` (RFC 3339).
        EventChanged = "EVENT_CHANGED",
        /// To who has a seat, a day before.
        EventReminder = "EVENT_REMINDER",
        /// To all who are registered or wait: the event was called off.
        EventCancelled = "EVENT_CANCELLED",
        /// To who takes a course now. Optional here and below: `title`, `courseId`.
        CourseEnrolled = "COURSE_ENROLLED",
        /// A course can be begun once it is paid. Optional: `until`, `amountCents`, `currency`.
        CourseHeld = "COURSE_HELD",
        /// The course was not paid in time.
        CourseHoldExpired = "COURSE_HOLD_EXPIRED",
        /// To who has completed a course. Optional: `enrollmentId`, `certificateNumber`, `expiresAt` (RFC 3339).
        CourseCompleted = "COURSE_COMPLETED",
        /// A certificate runs out soon. Optional: `certificateNumber`, `expiresAt` (RFC 3339), `days` (a number).
        CertificateExpiring = "CERTIFICATE_EXPIRING",
        /// A certificate was revoked. Optional: `certificateNumber`, `reason`.
        CertificateRevoked = "CERTIFICATE_REVOKED",
        /// The revocation of a certificate was taken back. Optional: `certificateNumber`.
        CertificateReinstated = "CERTIFICATE_REINSTATED",
        /// Money was taken. Optional here and below: `paymentId`, `title`, `amountCents`, `currency`, `receiptNumber`.
        PaymentReceipt = "PAYMENT_RECEIPT",
        /// A try to pay was refused.
        PaymentFailed = "PAYMENT_FAILED",
        /// What was paid for could not be given: the money goes back. Optional: `reason`.
        PaymentNotGiven = "PAYMENT_NOT_GIVEN",
        /// Money was given back. Optional: `reason`.
        PaymentRefunded = "PAYMENT_REFUNDED",
        /// A membership ends soon. Optional here and below: `title` (the tier's name), `expiresAt` (RFC 3339), `days` (a number).
        MembershipExpiring = "MEMBERSHIP_EXPIRING",
        /// A membership has ended, and is borne with. Optional: `until` (RFC 3339).
        MembershipEnded = "MEMBERSHIP_ENDED",
        /// A membership has lapsed.
        MembershipLapsed = "MEMBERSHIP_LAPSED",
        /// To an address: somebody's membership is to cover whoever has it. Optional: `company`.
        MembershipInvitation = "MEMBERSHIP_INVITATION",
        /// To a member whom somebody's membership covers now. Optional: `company`.
        MembershipCovered = "MEMBERSHIP_COVERED",
    }
}
