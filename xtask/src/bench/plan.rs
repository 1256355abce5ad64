//! How much of everything a run does.

use std::time::Duration;

/// What a run does.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// How many clients at once, one after the other.
    pub(super) clients: Vec<u64>,
    /// How long each number of clients is measured.
    pub(super) each: Duration,
    /// Before that.
    pub(super) warm_up: Duration,
    /// How often a function is started anew.
    pub(super) starts: usize,
    /// How many requests one process answers while its memory is watched.
    pub(super) requests: u64,
    /// Reads and writes a second.
    pub(super) rates: (u32, u32),
    /// How many members write.
    pub(super) writers: u32,
    /// How many people come, with a second of thought between two requests.
    pub(super) people: u64,
    /// How long rates and people are kept up.
    pub(super) long: Duration,
    /// Only these cases; all when empty.
    pub(super) only: Vec<String>,
}

impl Plan {
    /// A whole run.
    pub(super) fn full(each: Duration, only: Vec<String>) -> Self {
        Self {
            clients: vec![1, 4, 16],
            each,
            warm_up: Duration::from_secs(1),
            starts: 30,
            requests: 10_000,
            rates: (1000, 200),
            // A person changes a line of a profile a few times a minute, not five times a second.
            writers: 2000,
            people: 500,
            long: Duration::from_secs(60),
            only,
        }
    }

    /// Just enough to see that everything works.
    pub(super) fn short() -> Self {
        Self {
            clients: vec![1],
            each: Duration::from_secs(1),
            warm_up: Duration::from_millis(200),
            starts: 2,
            requests: 50,
            rates: (20, 5),
            writers: 20,
            people: 10,
            long: Duration::from_secs(2),
            only: [
                "contractor",
                "projects_list",
                "conversations_full",
                "search_common",
                "event_analytics",
            ]
            .map(String::from)
            .into(),
        }
    }

    /// Whether a case is wanted.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|wanted| wanted == name)
    }

    /// The most that are measured at once, of those that the service levels are about.
    pub(super) fn most_clients(&self) -> u64 {
        self.clients
            .iter()
            .copied()
            .filter(|clients| *clients <= 4)
            .max()
            .unwrap_or(1)
    }
}
