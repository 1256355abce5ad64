//! The chance that the data set is made of: the same seed gives the same rows on every machine and with every version of every
//! dependency.
//!
//! A row does not draw from one long stream. It draws from a stream of its own, made from the seed, the kind of row and the row's
//! number, so a row can be made again without those before it, and a larger data set begins with the rows of a smaller one.

use std::ops::RangeInclusive;

/// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. Not for secrets.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
}

/// The increment of the sequence: 2^64 divided by the golden ratio, made odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    /// The stream of row `index` among the rows called `kind`.
    pub(crate) fn for_row(seed: u64, kind: &str, index: u64) -> Self {
        let kind = kind.bytes().fold(0, |hash, byte| mix(hash ^ u64::from(byte)));
        Self {
            state: mix(mix(seed ^ kind).wrapping_add(index)),
        }
    }

    /// Sixty-four fair bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A number from 0 up to, but without, `bound`; 0 when `bound` is 0. Multiplying instead of dividing leaves a bias below
    /// one in 2^40 for every bound used here.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.bits()) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// A number in `range`, both ends included; its start when the range is empty.
    pub(crate) fn between(&mut self, range: RangeInclusive<i64>) -> i64 {
        let span = range.end().saturating_sub(*range.start()).saturating_add(1);
        let offset = self.below(u64::try_from(span).unwrap_or_default());
        range
            .start()
            .saturating_add(i64::try_from(offset).unwrap_or_default())
    }

    /// True in `per_mille` of 1,000 cases.
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// A fraction from 0 up to, but without, 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        // The 53 bits that a float can hold; exact on every machine.
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let bits = (self.bits() >> 11) as f64;
        bits / 9_007_199_254_740_992.0
    }

    /// One of `items`, each as likely as the others; the type's default when there are none.
    pub(crate) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let at = self.below(items.len() as u64);
        usize::try_from(at)
            .ok()
            .and_then(|at| items.get(at))
            .copied()
            .unwrap_or_default()
    }

    /// One of `items`, as likely as its weight says.
    pub(crate) fn weighted<T: Copy + Default>(&mut self, items: &[(u32, T)]) -> T {
        let total = items.iter().map(|(weight, _)| u64::from(*weight)).sum();
        let mut left = self.below(total);
        for (weight, item) in items {
            let weight = u64::from(*weight);
            if left < weight {
                return *item;
            }
            left -= weight;
        }
        T::default()
    }

    /// A number below `bound` where small numbers come up far more often: the rank-size rule of inboxes, towns and popular events.
    pub(crate) fn skewed(&mut self, bound: u64) -> u64 {
        let narrowed = self.below(bound.max(1)) + 1;
        self.below(narrowed)
    }

    /// Up to `count` different items, in the order in which they stand.
    pub(crate) fn several<T: Copy>(&mut self, items: &[T], count: usize) -> Vec<T> {
        let mut wanted = count.min(items.len()) as u64;
        let mut left = items.len() as u64;
        let mut chosen = Vec::with_capacity(count);
        for item in items {
            // Selection sampling: each item is taken with the odds that fill the count exactly.
            if self.below(left) < wanted {
                chosen.push(*item);
                wanted -= 1;
            }
            left -= 1;
        }
        chosen
    }
}

/// The finaliser of SplitMix64: every bit of the answer depends on every bit of the question.
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A one-to-one shuffling of the numbers below `count`: each `position` has one rank. It picks exactly N scattered rows of a file
/// without holding the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shuffle {
    count: u64,
    factor: u64,
    shift: u64,
}

impl Shuffle {
    /// A shuffling of the numbers below `count`, chosen by `seed`.
    pub(crate) fn new(seed: u64, count: u64) -> Self {
        let mut random = Random::for_row(seed, "shuffle", count);
        let count = count.max(1);
        let mut factor = random.below(count).max(1);
        // A factor without a common divisor with the count makes the map one-to-one.
        while greatest_common_divisor(factor, count) != 1 {
            factor += 1;
        }
        Self {
            count,
            factor,
            shift: random.below(count),
        }
    }

    /// The rank of `position`, below the count.
    pub(crate) fn rank(&self, position: u64) -> u64 {
        let wide = u128::from(position) * u128::from(self.factor) + u128::from(self.shift);
        u64::try_from(wide % u128::from(self.count)).unwrap_or_default()
    }
}

fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_the_same_today_and_tomorrow() {
        // Written down once: a change here changes every data set that was ever made from a seed.
        let mut random = Random::for_row(1, "users", 7);
        let drawn = [random.below(1000), random.below(1000), random.below(1000)];
        assert_eq!(drawn, [633, 132, 834]);
        let mut other = Random::for_row(1, "users", 8);
        assert_ne!(other.bits(), Random::for_row(1, "users", 7).bits());
        assert_ne!(
            Random::for_row(2, "users", 7).bits(),
            Random::for_row(1, "users", 7).bits()
        );
        assert_ne!(
            Random::for_row(1, "events", 7).bits(),
            Random::for_row(1, "users", 7).bits()
        );
    }

    #[test]
    fn draws_stay_in_bounds_and_reach_both_ends() {
        let mut random = Random::for_row(1, "bounds", 0);
        let drawn: Vec<i64> = (0..2000).map(|_| random.between(-2..=3)).collect();
        assert_eq!(drawn.iter().min(), Some(&-2));
        assert_eq!(drawn.iter().max(), Some(&3));
        assert_eq!(random.below(0), 0);
        assert_eq!(random.pick::<&str>(&[]), "");
        assert!((0..1000).all(|_| (0.0..1.0).contains(&random.fraction())));
    }

    #[test]
    fn weights_hold() {
        let mut random = Random::for_row(1, "weights", 0);
        let heavy = (0..10_000)
            .filter(|_| random.weighted(&[(9, true), (1, false)]))
            .count();
        assert!((8800..9200).contains(&heavy), "{heavy} of 10,000");
    }

    #[test]
    fn several_are_different_and_as_many_as_asked() {
        let mut random = Random::for_row(1, "several", 0);
        for count in 0..6 {
            let chosen = random.several(&[1, 2, 3, 4], count);
            assert_eq!(chosen.len(), count.min(4));
            assert!(chosen.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn a_shuffle_is_one_to_one() {
        for count in [1, 2, 10, 97, 1000] {
            let shuffle = Shuffle::new(5, count);
            let mut ranks: Vec<u64> = (0..count).map(|position| shuffle.rank(position)).collect();
            ranks.sort_unstable();
            assert_eq!(ranks, (0..count).collect::<Vec<_>>());
        }
    }
}
