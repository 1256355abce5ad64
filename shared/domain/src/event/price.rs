//! What a seat costs whom, and when.

use time::OffsetDateTime;

use crate::listing::Moment;
use crate::money::Cents;
use crate::words::words;

words! {
    /// Which of an event's prices is paid.
    PriceKind {
        /// What everybody pays.
        Standard = "STANDARD",
        /// What members pay whose membership is in force.
        Member = "MEMBER",
        /// What is paid early.
        EarlyBird = "EARLY_BIRD",
    }
}

/// The prices of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    /// What everybody pays.
    pub standard: Cents,
    /// What members pay, where that is another price.
    pub member: Option<Cents>,
    /// What is paid before a moment, and that moment.
    pub early_bird: Option<(Cents, Moment)>,
}

/// What one seat costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Which price it is.
    pub kind: PriceKind,
    /// How much.
    pub amount: Cents,
}

impl Price {
    /// Whether there is nothing to pay.
    #[must_use]
    pub const fn is_free(self) -> bool {
        self.amount.get() == 0
    }
}

impl Prices {
    /// What a seat costs somebody who asks for it at a moment: the least of the prices that are theirs. The deadline is an instant, the
    /// same for everybody wherever their clocks stand; at the instant itself it has passed.
    #[must_use]
    pub fn price(&self, is_member: bool, at: OffsetDateTime) -> Price {
        let member = self.member.filter(|_| is_member).map(|amount| Price {
            kind: PriceKind::Member,
            amount,
        });
        let early = self.early_bird.filter(|(_, until)| at < until.0);
        let early = early.map(|(amount, _)| Price {
            kind: PriceKind::EarlyBird,
            amount,
        });
        let standard = Price {
            kind: PriceKind::Standard,
            amount: self.standard,
        };
        // Of equal prices the first: nobody is told of a reduction that is none.
        let less = |best: Price, other: Price| if other.amount < best.amount { other } else { best };
        [member, early].into_iter().flatten().fold(standard, less)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::Duration;
    use time::macros::datetime;

    const DEADLINE: OffsetDateTime = datetime!(2026-05-01 07:00:00 UTC);

    fn cents(amount: i64) -> Cents {
        amount.try_into().unwrap()
    }

    fn prices(standard: i64, member: Option<i64>, early: Option<i64>) -> Prices {
        Prices {
            standard: cents(standard),
            member: member.map(cents),
            early_bird: early.map(|amount| (cents(amount), Moment(DEADLINE))),
        }
    }

    #[test]
    fn the_early_price_ends_at_its_instant() {
        let prices = prices(5000, Some(4500), Some(4000));
        let before = DEADLINE - Duration::microseconds(1);
        assert_eq!(prices.price(true, before).kind, PriceKind::EarlyBird);
        assert_eq!(prices.price(false, before).amount, cents(4000));
        assert_eq!(prices.price(true, DEADLINE).kind, PriceKind::Member);
        assert_eq!(prices.price(false, DEADLINE).kind, PriceKind::Standard);
        // The same instant on another clock.
        let elsewhere = DEADLINE.to_offset(time::macros::offset!(-7));
        assert_eq!(prices.price(false, elsewhere).kind, PriceKind::Standard);
    }

    #[test]
    fn a_reduction_that_is_none_is_not_told_of() {
        let same = prices(0, Some(0), Some(0)).price(true, DEADLINE - Duration::DAY);
        assert_eq!((same.kind, same.is_free()), (PriceKind::Standard, true));
    }

    proptest! {
        #[test]
        fn nobody_pays_more_than_any_price_that_is_theirs(
            standard in 0i64..10_000, member in proptest::option::of(0i64..10_000), early in proptest::option::of(0i64..10_000),
            is_member: bool, seconds in -10i64..10,
        ) {
            let at = DEADLINE + Duration::seconds(seconds);
            let price = prices(standard, member, early).price(is_member, at);
            let mut theirs = vec![standard];
            theirs.extend(member.filter(|_| is_member));
            theirs.extend(early.filter(|_| seconds < 0));
            prop_assert_eq!(price.amount.get(), theirs.into_iter().min().unwrap());
            prop_assert!(price.kind != PriceKind::Member || is_member && member == Some(price.amount.get()));
            prop_assert!(price.kind != PriceKind::EarlyBird || seconds < 0 && early == Some(price.amount.get()));
        }
    }
}
