//! How far staff have come with a firm that is not a member yet.

use crate::words::words;

words! {
    /// Where the talk with a firm stands.
    OutreachStatus {
        /// Nobody has been in touch.
        New = "NEW",
        /// Somebody has written or called.
        Contacted = "CONTACTED",
        /// The firm wants to know more.
        Interested = "INTERESTED",
        /// It does not.
        NotInterested = "NOT_INTERESTED",
        /// It has become a member.
        Joined = "JOINED",
        /// It wants to hear no more.
        DoNotContact = "DO_NOT_CONTACT",
    }
}
