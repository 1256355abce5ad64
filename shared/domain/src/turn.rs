//! How often a member may do what makes mails or rows for others: enough for anybody who means it, too little for a flood.

use std::time::Duration;

use time::OffsetDateTime;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What has been counted in a window that ends now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// How many.
    pub count: u32,
    /// When the oldest of them was.
    pub oldest: Option<OffsetDateTime>,
}

impl Window {
    /// When a window of such a length has room again: a moment after its oldest has left it.
    #[must_use]
    pub fn resets_in(self, length: Duration, now: OffsetDateTime) -> Duration {
        let oldest = self.oldest.unwrap_or(now);
        Duration::try_from(oldest + length - now)
            .unwrap_or(Duration::ZERO)
            .max(Duration::from_secs(1))
    }
}

/// So many turns in a window that moves with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// What is counted, as in the header fields of answers: lower-case letters and hyphens.
    pub name: &'static str,
    /// How many turns fit.
    pub most: u32,
    /// How long the window is.
    pub window: Duration,
}

/// What is counted by member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    /// Taking a seat at an event, or giving one back.
    Seat,
    /// Taking a course up, or giving one up.
    Course,
    /// Opening a ticket.
    Ticket,
    /// Replying to a ticket.
    Reply,
    /// Posting a project.
    Project,
    /// Bidding on a project.
    Bid,
    /// Inviting a member to a project.
    Invitation,
    /// Adding to a project that members bid on.
    Addendum,
    /// Inviting somebody to be covered by a company's membership.
    Person,
    /// Asking for room for a file or a picture.
    Upload,
    /// Asking to pay something.
    Payment,
}

impl Turn {
    /// Everything that is counted.
    pub const ALL: [Self; 11] = [
        Self::Seat,
        Self::Course,
        Self::Ticket,
        Self::Reply,
        Self::Project,
        Self::Bid,
        Self::Invitation,
        Self::Addendum,
        Self::Person,
        Self::Upload,
        Self::Payment,
    ];

    /// Its name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seat => "seats",
            Self::Course => "courses",
            Self::Ticket => "tickets",
            Self::Reply => "ticket-replies",
            Self::Project => "projects",
            Self::Bid => "bids",
            Self::Invitation => "invitations",
            Self::Addendum => "addenda",
            Self::Person => "people",
            Self::Upload => "uploads",
            Self::Payment => "payments",
        }
    }

    /// How often, in a short window and in a long one.
    #[must_use]
    pub const fn quotas(self) -> [Quota; 2] {
        match self {
            Self::Seat => [of("seats-minute", 10, MINUTE), of("seats-day", 60, DAY)],
            Self::Course => [of("courses-minute", 10, MINUTE), of("courses-day", 60, DAY)],
            Self::Ticket => [of("tickets-hour", 5, HOUR), of("tickets-day", 15, DAY)],
            Self::Reply => [
                of("ticket-replies-minute", 10, MINUTE),
                of("ticket-replies-day", 100, DAY),
            ],
            Self::Project => [of("projects-hour", 60, HOUR), of("projects-day", 200, DAY)],
            Self::Bid => [of("bids-hour", 60, HOUR), of("bids-day", 200, DAY)],
            Self::Invitation => [of("invitations-hour", 100, HOUR), of("invitations-day", 300, DAY)],
            Self::Addendum => [of("addenda-hour", 30, HOUR), of("addenda-day", 100, DAY)],
            Self::Person => [of("people-hour", 60, HOUR), of("people-day", 200, DAY)],
            Self::Upload => [of("uploads-hour", 100, HOUR), of("uploads-day", 500, DAY)],
            Self::Payment => [of("payments-hour", 60, HOUR), of("payments-day", 200, DAY)],
        }
    }
}

const fn of(name: &'static str, most: u32, window: Duration) -> Quota {
    Quota { name, most, window }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_turn_has_names_of_its_own_and_windows_that_hold_more_the_longer_they_are() {
        let names: std::collections::HashSet<_> = Turn::ALL
            .iter()
            .flat_map(|turn| turn.quotas().map(|quota| quota.name))
            .collect();
        assert_eq!(names.len(), 2 * Turn::ALL.len());
        let actions: std::collections::HashSet<_> = Turn::ALL.iter().map(|turn| turn.as_str()).collect();
        assert_eq!(actions.len(), Turn::ALL.len());
        for turn in Turn::ALL {
            let [short, long] = turn.quotas();
            assert!(short.window < long.window && short.most < long.most, "{turn:?}");
            // The database keeps no more moments of one action.
            assert!(long.most <= 1000, "{turn:?}");
        }
    }

    #[test]
    fn there_is_room_when_the_oldest_has_left_the_window() {
        let now = OffsetDateTime::UNIX_EPOCH + DAY;
        let window = |ago| Window {
            count: 20,
            oldest: Some(now - ago),
        };
        let wait = |ago| window(ago).resets_in(MINUTE, now);
        assert_eq!(wait(Duration::from_secs(50)), Duration::from_secs(10));
        // Never none: who is refused now would be refused again at once.
        assert_eq!(wait(MINUTE), Duration::from_secs(1));
        assert_eq!(Window::default().resets_in(HOUR, now), HOUR);
    }
}
