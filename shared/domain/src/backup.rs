//! Dumps of the database: what can become of one, and how long they are kept.

use std::collections::BTreeSet;

use time::{Date, Duration, Month, OffsetDateTime, UtcOffset};

use crate::words::words;

words! {
    /// What has become of a backup.
    BackupState {
        /// It is being written, or whoever wrote it has died.
        Running = "RUNNING",
        /// It lies in S3 with its manifest.
        Stored = "STORED",
        /// It has been restored and was whole.
        Proven = "PROVEN",
        /// It was not written to its end, or could not be restored.
        Failed = "FAILED",
        /// It was deleted when its time was over.
        Expired = "EXPIRED",
    }
}

impl BackupState {
    /// Whether it lies in S3, as far as is known, and could be restored.
    #[must_use]
    pub const fn is_complete(self) -> bool {
        matches!(self, Self::Stored | Self::Proven)
    }
}

/// A backup that could be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<T> {
    /// What names it.
    pub id: T,
    /// Of which moment it is.
    pub taken_at: OffsetDateTime,
    /// Whether it has been restored once.
    pub is_proven: bool,
}

/// For how long backups are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Of how many days the last one is kept.
    pub daily: usize,
    /// Of how many months the last one is kept.
    pub monthly: usize,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            daily: 30,
            monthly: 12,
        }
    }
}

impl Retention {
    /// The backups that may go, the oldest first. What stays is the last one of each of the newest days and of each of the newest
    /// months (UTC) that have one, and whatever the numbers the newest of all, those of the day before it, and the newest that is
    /// proven: who makes one by hand before a change still has it after the next night.
    ///
    /// Days without a backup do not count: after a month in which none was made, those before it are all still there. The last one
    /// of a day or month was the newest of all when it was made, so it does not matter how often this is asked.
    #[must_use]
    pub fn expired<T: Copy + Ord>(&self, candidates: &[Candidate<T>]) -> Vec<T> {
        let mut newest_first: Vec<_> = candidates.iter().collect();
        newest_first.sort_by_key(|candidate| std::cmp::Reverse((candidate.taken_at, candidate.id)));
        let mut days = Periods::new(self.daily);
        let mut months = Periods::new(self.monthly);
        let newest = newest_first.first().map(|candidate| candidate.taken_at);
        let mut proven_is_kept = false;
        let mut expired = Vec::new();
        for candidate in newest_first {
            let day = candidate.taken_at.to_offset(UtcOffset::UTC).date();
            // Not short-circuited: each rule has to see every backup.
            let is_kept = newest.is_some_and(|newest| newest - candidate.taken_at < Duration::DAY)
                | days.is_last_of(day)
                | months.is_last_of(first_of_month(day))
                | (candidate.is_proven && !proven_is_kept);
            proven_is_kept |= candidate.is_proven;
            if !is_kept {
                expired.push(candidate.id);
            }
        }
        expired.reverse();
        expired
    }
}

/// Stands for the month.
fn first_of_month(day: Date) -> (i32, Month) {
    (day.year(), day.month())
}

/// The newest periods that have a backup, up to a number of them.
struct Periods<P> {
    seen: BTreeSet<P>,
    limit: usize,
}

impl<P: Ord> Periods<P> {
    const fn new(limit: usize) -> Self {
        Self {
            seen: BTreeSet::new(),
            limit,
        }
    }

    /// Whether the first that is asked about in this period, where it is still one of the newest.
    fn is_last_of(&mut self, period: P) -> bool {
        self.seen.len() < self.limit && self.seen.insert(period)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::datetime;

    const START: OffsetDateTime = datetime!(2026-01-01 03:00 UTC);

    fn at(hours: i64, is_proven: bool) -> Candidate<i64> {
        Candidate {
            id: hours,
            taken_at: START + Duration::hours(hours),
            is_proven,
        }
    }

    fn nightly(days: i64) -> Vec<Candidate<i64>> {
        (0..days).map(|day| at(day * 24, true)).collect()
    }

    fn kept(retention: Retention, candidates: &[Candidate<i64>]) -> Vec<Candidate<i64>> {
        let expired = retention.expired(candidates);
        let stays = |candidate: &&Candidate<i64>| !expired.contains(&candidate.id);
        candidates.iter().filter(stays).copied().collect()
    }

    #[test]
    fn two_years_of_nights_leave_thirty_days_and_twelve_months() {
        let left = kept(Retention::default(), &nightly(731));
        let days: Vec<_> = left.iter().map(|kept| kept.taken_at.date().to_string()).collect();
        // The last of the month that is under way is one of the thirty, and so is the last of the one before.
        assert_eq!(days.len(), 30 + 12 - 2);
        assert_eq!(days.first().unwrap(), "2027-02-28");
        assert_eq!(days.get(9).unwrap(), "2027-11-30");
        assert_eq!(days.get(10).unwrap(), "2027-12-03");
        assert_eq!(days.last().unwrap(), "2028-01-01");
    }

    #[test]
    fn a_pause_takes_nothing_away() {
        let mut backups = nightly(30);
        backups.push(at(400 * 24, true));
        assert_eq!(
            Retention::default().expired(&backups),
            [0],
            "the day that is one too many"
        );
    }

    #[test]
    fn the_newest_that_was_ever_restored_stays() {
        let none = Retention { daily: 0, monthly: 0 };
        let backups = [at(0, true), at(24, true), at(48, false), at(72, false)];
        assert_eq!(none.expired(&backups), [0, 48]);
        assert!(none.expired::<i64>(&[]).is_empty());
    }

    fn histories() -> impl Strategy<Value = Vec<Candidate<i64>>> {
        prop::collection::btree_map(0_i64..24 * 800, any::<bool>(), 0..120).prop_map(|backups| {
            backups
                .into_iter()
                .map(|(hours, proven)| at(hours, proven))
                .collect()
        })
    }

    fn retentions() -> impl Strategy<Value = Retention> {
        (0_usize..40, 0_usize..15).prop_map(|(daily, monthly)| Retention { daily, monthly })
    }

    proptest! {
        #[test]
        fn the_newest_stays_and_no_more_than_the_rules_say(history in histories(), rules in retentions()) {
            let left = kept(rules, &history);
            prop_assert_eq!(left.last(), history.last());
            let is_young = |backup: &&Candidate<i64>| {
                history.last().is_some_and(|newest| newest.taken_at - backup.taken_at < Duration::DAY)
            };
            prop_assert_eq!(left.iter().filter(is_young).count(), history.iter().filter(is_young).count());
            let older = left.iter().filter(|backup| !is_young(backup)).count();
            prop_assert!(older <= rules.daily + rules.monthly + 1);
            let newest_proven = history.iter().rfind(|backup| backup.is_proven);
            prop_assert!(newest_proven.is_none_or(|proven| left.contains(proven)));
        }

        #[test]
        fn every_day_and_month_within_the_rules_has_its_last(history in histories(), rules in retentions()) {
            let left = kept(rules, &history);
            let days = |backups: &[Candidate<i64>]| -> BTreeSet<_> {
                backups.iter().map(|backup| backup.taken_at.date()).collect()
            };
            let months = |backups: &[Candidate<i64>]| -> BTreeSet<_> {
                backups.iter().map(|backup| first_of_month(backup.taken_at.date())).collect()
            };
            for day in days(&history).iter().rev().take(rules.daily) {
                let last = history.iter().rfind(|backup| backup.taken_at.date() == *day).unwrap();
                prop_assert!(left.contains(last));
            }
            for month in months(&history).iter().rev().take(rules.monthly) {
                let of = |backup: &&Candidate<i64>| first_of_month(backup.taken_at.date()) == *month;
                prop_assert!(left.contains(history.iter().rfind(of).unwrap()));
            }
        }

        #[test]
        fn asking_every_time_or_once_at_the_end_leaves_the_same(
            history in histories(), rules in retentions(), seldom in 1_usize..9
        ) {
            let mut left = Vec::new();
            for (count, backup) in history.iter().enumerate() {
                left.push(*backup);
                if count % seldom == 0 {
                    left = kept(rules, &left);
                }
            }
            prop_assert_eq!(kept(rules, &left), kept(rules, &history));
        }

        #[test]
        fn the_order_of_the_list_does_not_matter(history in histories(), rules in retentions()) {
            let reversed: Vec<_> = history.iter().rev().copied().collect();
            prop_assert_eq!(rules.expired(&reversed), rules.expired(&history));
        }
    }
}
