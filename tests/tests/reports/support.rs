//! A database with random rows, and staff who read its reports.

use portal_data::{DataError, Database, Tx};
use portal_domain::report::{Period, Periods};
use portal_domain::zone::ZoneName;
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value;
use sqlx::PgConnection;
use time::macros::{date, datetime};
use time::{Date, Duration, OffsetDateTime, UtcOffset};
use uuid::Uuid;

/// What time it is in the reports.
pub(crate) const NOW: OffsetDateTime = datetime!(2017-06-15 18:00 UTC);

/// What rows are drawn from, the same in every run.
pub(crate) const SEEDS: [u64; 3] = [1, 2, 3];

/// The days that reports are of: two changes of the clocks are in them, and their end is still to come.
const FIRST: Date = date!(2016 - 10 - 20);
const LAST: Date = date!(2017 - 06 - 20);

/// A database and somebody with a role in it.
pub(crate) struct House {
    pub(crate) owner: PgConnection,
    pub(crate) staff: Member,
    pub(crate) admin: Database,
}

impl House {
    pub(crate) async fn create() -> Self {
        Self::with("administrator").await
    }

    pub(crate) async fn with(role: &str) -> Self {
        let database = TestDatabase::create().await;
        let mut owner = database.connect("owner").await;
        let staff = Member::add(&mut owner, "staff", &[role]).await;
        // Rows are whole as they are drawn: what triggers would make of them is no part of it.
        sqlx::raw_sql("SET session_replication_role = replica")
            .execute(&mut owner)
            .await
            .unwrap();
        Self {
            owner,
            staff,
            admin: database.open("portal_admin", false).await,
        }
    }

    pub(crate) async fn insert(&mut self, statement: &str) {
        sqlx::raw_sql(statement)
            .execute(&mut self.owner)
            .await
            .unwrap_or_else(|error| panic!("{error}: {statement}"));
    }

    /// What a report says, as JSON.
    pub(crate) async fn report<R: serde::Serialize>(
        &self,
        read: impl AsyncFnOnce(&mut Tx) -> Result<R, DataError>,
    ) -> Value {
        let mut tx = self.admin.begin(&self.staff.request()).await.unwrap();
        let report = read(&mut tx).await.unwrap();
        tx.rollback().await.unwrap();
        serde_json::to_value(report).unwrap()
    }
}

pub(crate) fn random(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// The same days cut in every way.
pub(crate) fn all_cuts() -> Vec<Periods> {
    Period::ALL
        .iter()
        .map(|period| Periods::between(*period, FIRST, LAST).unwrap())
        .collect()
}

/// The day of a moment where the association is.
pub(crate) fn day_of(moment: OffsetDateTime) -> Date {
    ZoneName::default().on_its_clocks(moment).date()
}

/// The moment at which a day begins where the association is: at one of its two offsets.
pub(crate) fn start_of(day: Date) -> OffsetDateTime {
    [-8, -7]
        .into_iter()
        .map(|hours| {
            day.midnight()
                .assume_offset(UtcOffset::from_hms(hours, 0, 0).unwrap())
        })
        .find(|moment| ZoneName::default().on_its_clocks(*moment).offset() == moment.offset())
        .unwrap()
}

/// A moment of these days, or a little before or after: often just when a day begins, or a microsecond from it.
pub(crate) fn moment(random: &mut StdRng) -> OffsetDateTime {
    let days = (LAST - FIRST).whole_days();
    let day = FIRST + Duration::days(random.random_range(-60..days + 60));
    match random.random_range(0..4) {
        0 => start_of(day),
        1 => start_of(day) - Duration::MICROSECOND,
        _ => start_of(day) + Duration::microseconds(random.random_range(0..86_000_000_000)),
    }
}

/// A value or none.
pub(crate) fn maybe<T>(random: &mut StdRng, value: impl FnOnce(&mut StdRng) -> T) -> Option<T> {
    random.random_bool(0.7).then(|| value(random))
}

pub(crate) fn pick<T: Copy>(random: &mut StdRng, values: &[T]) -> T {
    values[random.random_range(0..values.len())]
}

/// A value as SQL writes it.
pub(crate) fn sql<T: std::fmt::Display>(value: Option<T>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |value| format!("'{value}'"))
}

pub(crate) fn id() -> Uuid {
    Uuid::now_v7()
}

/// A share, as a report has it.
pub(crate) fn share(part: usize, whole: usize) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)]
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Whether a moment lies in a span of days where the association is.
pub(crate) fn within(span: &portal_domain::report::Span, moment: OffsetDateTime) -> bool {
    (span.first..=span.last).contains(&day_of(moment))
}
