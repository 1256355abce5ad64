//! Rows of one kind, in the order of time: the id and the moment of each follow from its number alone, so that any table can
//! point at any row of another without either being held in memory.

use time::{Duration, OffsetDateTime};
use uuid::{Builder, Uuid};

use crate::data::random::Random;

/// A kind of row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Series {
    seed: u64,
    kind: &'static str,
    /// How many there are.
    pub(super) count: u64,
    first: OffsetDateTime,
    /// Milliseconds from one row to the next.
    step: u64,
}

/// One row of a series: what it is called, when it came to be, and the chance for the rest of it.
pub(super) struct Row {
    pub(super) index: u64,
    /// A UUIDv7 of the row's moment.
    pub(super) id: Uuid,
    pub(super) at: OffsetDateTime,
    pub(super) random: Random,
}

impl Series {
    /// `count` rows evenly from `first` to `last`.
    pub(super) fn new(
        seed: u64,
        kind: &'static str,
        count: u64,
        first: OffsetDateTime,
        last: OffsetDateTime,
    ) -> Self {
        let span = u64::try_from((last - first).whole_milliseconds()).unwrap_or_default();
        Self {
            seed,
            kind,
            count,
            first,
            step: span / count.max(1),
        }
    }

    /// The row of this number.
    pub(super) fn row(&self, index: u64) -> Row {
        let mut random = Random::for_row(self.seed, self.kind, index);
        let offset = self.step.saturating_mul(index) + random.below(self.step);
        let at = self.first + Duration::milliseconds(i64::try_from(offset).unwrap_or_default());
        Row {
            index,
            id: id_at(at, &mut random),
            at,
            random,
        }
    }

    /// The id of the row of this number.
    pub(super) fn id(&self, index: u64) -> Uuid {
        self.row(index).id
    }

    /// How many rows there were before `at`.
    pub(super) fn before(&self, at: OffsetDateTime) -> u64 {
        let millis = u64::try_from((at - self.first).whole_milliseconds()).unwrap_or_default();
        (millis / self.step.max(1)).min(self.count)
    }

    /// All rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        (0..self.count).map(|index| self.row(index))
    }
}

impl Row {
    /// An id for something that belongs to this row and came to be at `at`.
    pub(super) fn part(&mut self, at: OffsetDateTime) -> Uuid {
        id_at(at, &mut self.random)
    }
}

/// A UUIDv7 (RFC 9562) of that millisecond.
pub(super) fn id_at(at: OffsetDateTime, random: &mut Random) -> Uuid {
    let millis = u64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
    let bits = (u128::from(random.bits()) << 64 | u128::from(random.bits())).to_be_bytes();
    let mut tail = [0; 10];
    for (to, from) in tail.iter_mut().zip(bits) {
        *to = from;
    }
    Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
}

/// As many different numbers below `bound` as asked for, at most all of them, none of them `except`.
pub(super) fn different(random: &mut Random, bound: u64, count: u64, except: u64) -> Vec<u64> {
    let step = 1 + random.below((bound / (count + 1)).max(1));
    let start = random.below(bound);
    (0..=count)
        .take_while(|at| at * step < bound)
        .map(|at| (start + at * step) % bound)
        .filter(|number| *number != except)
        .take(usize::try_from(count).unwrap_or(usize::MAX))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use time::macros::datetime;

    use super::*;

    #[test]
    fn rows_are_in_order_of_time_and_so_are_their_ids() {
        let series = Series::new(
            1,
            "things",
            500,
            datetime!(2025-01-01 0:00 UTC),
            datetime!(2026-01-01 0:00 UTC),
        );
        let rows: Vec<Row> = series.rows().collect();
        assert!(
            rows.windows(2)
                .all(|pair| pair[0].at <= pair[1].at && pair[0].id < pair[1].id)
        );
        assert_eq!(rows[77].id, series.id(77));
        assert_eq!(rows[77].id.get_version_num(), 7);
        assert!(rows.iter().all(|row| row.at < datetime!(2026-01-01 0:00 UTC)));
        assert_eq!(series.before(datetime!(2024-01-01 0:00 UTC)), 0);
        assert_eq!(series.before(datetime!(2027-01-01 0:00 UTC)), 500);
        let half = series.before(datetime!(2025-07-02 12:00 UTC));
        assert!(
            rows.iter()
                .all(|row| row.index >= half || row.at < datetime!(2025-07-02 12:00 UTC))
        );
    }

    #[test]
    fn different_numbers_are_different() {
        let mut random = Random::for_row(1, "different", 0);
        for count in [0, 1, 5, 40, 100, 300] {
            let numbers = different(&mut random, 100, count, 3);
            let set: BTreeSet<u64> = numbers.iter().copied().collect();
            assert_eq!(set.len(), numbers.len());
            assert!(numbers.iter().all(|number| *number < 100 && *number != 3));
            assert!(
                numbers.len() as u64 >= count.min(99),
                "{} of {count}",
                numbers.len()
            );
        }
    }
}
