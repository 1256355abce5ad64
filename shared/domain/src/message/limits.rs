//! How often a member may write: enough for anybody who talks, too little for anybody who advertises.

use std::time::Duration;

use time::OffsetDateTime;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// For so long an account is new. Who registers to advertise is found out within days.
const NEW_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// A limit on messages in a window that moves with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageLimit {
    /// Messages in a minute.
    Minute,
    /// Messages in an hour.
    Hour,
    /// Messages in a day.
    Day,
    /// Threads begun in an hour.
    FirstHour,
    /// Threads begun in a day.
    FirstDay,
}

impl MessageLimit {
    /// Every limit; the last two hold for messages that begin a thread.
    pub const ALL: [Self; 5] = [
        Self::Minute,
        Self::Hour,
        Self::Day,
        Self::FirstHour,
        Self::FirstDay,
    ];

    /// Its name, as in the header fields of answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minute => "messages-minute",
            Self::Hour => "messages-hour",
            Self::Day => "messages-day",
            Self::FirstHour => "first-messages-hour",
            Self::FirstDay => "first-messages-day",
        }
    }

    /// How long its window is.
    #[must_use]
    pub const fn window(self) -> Duration {
        match self {
            Self::Minute => MINUTE,
            Self::Hour | Self::FirstHour => HOUR,
            Self::Day | Self::FirstDay => DAY,
        }
    }

    /// Whether it counts only messages that begin a thread.
    #[must_use]
    pub const fn is_of_first_messages(self) -> bool {
        matches!(self, Self::FirstHour | Self::FirstDay)
    }

    /// How many messages fit into the window, of an account that is new or is not.
    #[must_use]
    pub const fn quota(self, is_new: bool) -> u32 {
        match (self, is_new) {
            (Self::Minute, false) => 20,
            (Self::Hour, false) => 200,
            (Self::Day, false) => 1_000,
            (Self::FirstHour, false) => 20,
            (Self::FirstDay, false) => 60,
            (Self::Minute, true) => 5,
            (Self::Hour, true) => 30,
            (Self::Day, true) => 60,
            (Self::FirstHour, true) => 3,
            (Self::FirstDay, true) => 10,
        }
    }
}

/// Whether an account that was made then is still new.
#[must_use]
pub fn is_new(since: OffsetDateTime, now: OffsetDateTime) -> bool {
    now - since < NEW_FOR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_accounts_and_first_messages_are_held_shorter() {
        for limit in MessageLimit::ALL {
            assert!(limit.quota(true) < limit.quota(false), "{}", limit.name());
            assert!(limit.quota(true) > 0);
        }
        for is_new in [false, true] {
            assert!(MessageLimit::FirstHour.quota(is_new) < MessageLimit::Hour.quota(is_new));
            assert!(MessageLimit::FirstDay.quota(is_new) < MessageLimit::Day.quota(is_new));
        }
    }

    #[test]
    fn an_account_is_new_for_a_week() {
        let now = OffsetDateTime::UNIX_EPOCH;
        assert!(is_new(now - DAY * 6, now));
        assert!(!is_new(now - DAY * 7, now));
    }
}
