//! The size of a data set, and what its tables need to know of each other.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use sqlx::{PgConnection, Row as _};
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use super::series::{Row, Series};
use crate::data::places::{Atlas, Spread};

/// How large the data set is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Scale {
    /// A hundredth of the full one, around San Francisco, Oakland and Sacramento
    #[value(name = "small")]
    Small,
    /// 300,000 contractors, 20,000 members, 50,000 projects, 1,000,000 messages, 2,000,000 staff actions
    #[value(name = "full")]
    Full,
    /// Ten times that
    #[value(name = "10x")]
    TenTimes,
}

impl Scale {
    /// Its name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Full => "full",
            Self::TenTimes => "10x",
        }
    }

    /// Rows of the licence file.
    pub(crate) const fn contractors(self) -> u64 {
        self.of(300_000, 2_000)
    }

    /// Where everything is.
    pub(crate) const fn spread(self) -> Spread {
        match self {
            Self::Small => Spread::Demo,
            _ => Spread::Statewide,
        }
    }

    /// `full` rows at full scale, ten times as many at ten times, `small` in the small set.
    const fn of(self, full: u64, small: u64) -> u64 {
        match self {
            Self::Small => small,
            Self::Full => full,
            Self::TenTimes => full * 10,
        }
    }
}

/// Everything that a table's rows are made from.
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) scale: Scale,
    /// The beginning of the day on which the data set is thought.
    pub(super) now: OffsetDateTime,
    pub(super) atlas: Atlas,
    pub(super) users: Series,
    pub(super) projects: Series,
    pub(super) events: Series,
    pub(super) courses: Series,
    pub(super) threads: u64,
    pub(super) messages: Series,
    pub(super) announcements: Series,
    pub(super) tickets: Series,
    pub(super) gifts: Series,
    pub(super) actions: Series,
    /// Ids by name, as the migrations or an earlier load gave them.
    pub(super) roles: BTreeMap<String, Uuid>,
    pub(super) tiers: BTreeMap<String, Uuid>,
}

/// How many days the portal has been open; the association's members are older.
const OPEN_DAYS: i64 = 3 * 365;

impl World {
    /// The world of a seed as it is on `as_of`; roles and tiers come later, from the database.
    pub(super) fn new(seed: u64, scale: Scale, as_of: Date) -> Result<Self> {
        let now = as_of.midnight().assume_utc();
        let since = |days: i64| now - Duration::days(days);
        let series =
            |kind, full, small, days| Series::new(seed, kind, scale.of(full, small), since(days), now);
        Ok(Self {
            seed,
            scale,
            now,
            atlas: Atlas::load()?,
            users: series("users", 20_000, 200, 8 * 365),
            projects: series("projects", 50_000, 500, OPEN_DAYS),
            events: series("events", 5_000, 50, OPEN_DAYS),
            courses: series("courses", 500, 25, OPEN_DAYS),
            threads: scale.of(80_000, 800),
            messages: series("messages", 1_000_000, 10_000, 2 * 365),
            announcements: series("announcements", 400, 20, 2 * 365),
            tickets: series("tickets", 5_000, 50, 2 * 365),
            gifts: series("gifts", 3_000, 30, 2 * 365),
            // Partitions are kept for 24 months.
            actions: series("actions", 2_000_000, 20_000, 690),
            roles: BTreeMap::new(),
            tiers: BTreeMap::new(),
        })
    }

    /// Learns the ids that the database gave.
    pub(super) async fn learn(&mut self, connection: &mut PgConnection) -> Result<()> {
        self.roles = ids(connection, "SELECT name, id FROM roles")
            .await
            .context("cannot read the roles")?;
        self.tiers = ids(connection, "SELECT name, id FROM membership_tiers")
            .await
            .context("cannot read the tiers")?;
        Ok(())
    }

    /// How many accounts belong to staff: the first ones.
    pub(super) fn staff(&self) -> u64 {
        (self.users.count / 250).max(8)
    }

    /// One of the staff.
    pub(super) fn staff_member(&self, row: &mut Row) -> Uuid {
        let index = row.random.below(self.staff());
        self.users.id(index)
    }

    /// How many had an account at that moment; the staff always had.
    pub(super) fn accounts_at(&self, at: OffsetDateTime) -> u64 {
        self.users.before(at).max(self.staff())
    }

    /// One of the members, staff or not, who had an account at `row`'s moment, as a number.
    pub(super) fn someone(&self, row: &mut Row) -> u64 {
        row.random.below(self.accounts_at(row.at))
    }
}

async fn ids(connection: &mut PgConnection, query: &'static str) -> sqlx::Result<BTreeMap<String, Uuid>> {
    let rows = sqlx::query(query).fetch_all(connection).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}
