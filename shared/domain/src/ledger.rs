//! The double-entry ledger: every movement of money has two sides, which sum to zero whatever is built of it.
//!
//! Debits are positive, credits negative. What the association owns (its balance at Stripe, its bank account) and what it spends grow by
//! debits; what it earns grows by credits.

use crate::money::Cents;
use crate::payment::PaymentType;
use crate::words::words;

words! {
    /// What money is in, or stands for.
    LedgerAccount {
        /// What Stripe holds for the association.
        StripeBalance = "STRIPE_BALANCE",
        /// What is in the bank.
        Bank = "BANK",
        /// What Stripe keeps for its service.
        Fees = "FEES",
        /// Earned by memberships.
        RevenueMembership = "REVENUE_MEMBERSHIP",
        /// Earned by events.
        RevenueEvents = "REVENUE_EVENTS",
        /// Earned by courses.
        RevenueTraining = "REVENUE_TRAINING",
        /// Given by sponsors.
        RevenueSponsorship = "REVENUE_SPONSORSHIP",
        /// Given by donors.
        RevenueDonations = "REVENUE_DONATIONS",
        /// Given back.
        Refunds = "REFUNDS",
        /// What was corrected by hand.
        Adjustments = "ADJUSTMENTS",
    }
}

words! {
    /// Why money moves.
    MovementKind {
        /// A payment was taken.
        Charge = "CHARGE",
        /// Money was given back.
        Refund = "REFUND",
        /// Stripe has kept its fee.
        Fee = "FEE",
        /// Stripe has paid out to the bank.
        Payout = "PAYOUT",
        /// Something was put right.
        Adjustment = "ADJUSTMENT",
    }
}

/// One side of a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The account.
    pub account: LedgerAccount,
    /// Cents: a debit is positive, a credit negative; never zero.
    pub amount: i64,
}

/// A movement of money from one account to another. There is no other way to build one than from the one amount that both sides have, so
/// that none is out of balance, and none moves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    kind: MovementKind,
    debit: LedgerAccount,
    credit: LedgerAccount,
    amount: Cents,
    /// Up to which total it brings what it is about: tells two movements of one kind apart.
    upto: Cents,
}

impl Posting {
    /// A payment that was taken. None for nothing.
    #[must_use]
    pub fn charge(what: PaymentType, amount: Cents) -> Option<Self> {
        Self::between(
            MovementKind::Charge,
            LedgerAccount::StripeBalance,
            what.account(),
            amount,
        )
    }

    /// Money that was given back; `total` is what has been given back since the payment with this. None for nothing.
    #[must_use]
    pub fn refund(amount: Cents, total: Cents) -> Option<Self> {
        let posting = Self::between(
            MovementKind::Refund,
            LedgerAccount::Refunds,
            LedgerAccount::StripeBalance,
            amount,
        )?;
        Some(posting.upto(total))
    }

    /// Money that was given back and has returned, since it could not reach who paid; `total` is what has returned with this. None for
    /// nothing.
    #[must_use]
    pub fn refund_returned(amount: Cents, total: Cents) -> Option<Self> {
        let posting = Self::between(
            MovementKind::Adjustment,
            LedgerAccount::StripeBalance,
            LedgerAccount::Refunds,
            amount,
        )?;
        Some(posting.upto(total))
    }

    /// What Stripe keeps of a payment. None for nothing.
    #[must_use]
    pub fn fee(amount: Cents) -> Option<Self> {
        Self::between(
            MovementKind::Fee,
            LedgerAccount::Fees,
            LedgerAccount::StripeBalance,
            amount,
        )
    }

    /// What Stripe has paid out to the bank. None for nothing.
    #[must_use]
    pub fn payout(amount: Cents) -> Option<Self> {
        Self::between(
            MovementKind::Payout,
            LedgerAccount::Bank,
            LedgerAccount::StripeBalance,
            amount,
        )
    }

    /// What is put right by hand: debits the account, or credits it where `credits`. None for nothing, and for the adjustments themselves.
    #[must_use]
    pub fn adjustment(account: LedgerAccount, amount: Cents, credits: bool) -> Option<Self> {
        let (debit, credit) = if credits {
            (LedgerAccount::Adjustments, account)
        } else {
            (account, LedgerAccount::Adjustments)
        };
        Self::between(MovementKind::Adjustment, debit, credit, amount)
    }

    fn between(
        kind: MovementKind,
        debit: LedgerAccount,
        credit: LedgerAccount,
        amount: Cents,
    ) -> Option<Self> {
        (!amount.is_zero() && debit != credit).then_some(Self {
            kind,
            debit,
            credit,
            amount,
            upto: amount,
        })
    }

    fn upto(self, total: Cents) -> Self {
        Self { upto: total, ..self }
    }

    /// Why money moves.
    #[must_use]
    pub const fn kind(&self) -> MovementKind {
        self.kind
    }

    /// How much moves; never nothing.
    #[must_use]
    pub const fn amount(&self) -> Cents {
        self.amount
    }

    /// Both sides, the debit first.
    #[must_use]
    pub const fn entries(&self) -> [LedgerEntry; 2] {
        [
            LedgerEntry {
                account: self.debit,
                amount: self.amount.get(),
            },
            LedgerEntry {
                account: self.credit,
                amount: -self.amount.get(),
            },
        ]
    }

    /// What tells this movement from every other of the same payment, in any history: kept unique together with the payment, no movement
    /// is written down twice. What is put right by hand belongs to no payment.
    #[must_use]
    pub fn occasion(&self) -> String {
        format!("{}/{}", self.kind, self.upto.get())
    }
}

impl PaymentType {
    /// The account that a payment of this type is earned on.
    #[must_use]
    pub const fn account(self) -> LedgerAccount {
        match self {
            Self::Membership => LedgerAccount::RevenueMembership,
            Self::EventRegistration => LedgerAccount::RevenueEvents,
            Self::Sponsorship => LedgerAccount::RevenueSponsorship,
            Self::Donation => LedgerAccount::RevenueDonations,
            Self::Training => LedgerAccount::RevenueTraining,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn cents(amount: i64) -> Cents {
        amount.try_into().unwrap()
    }

    #[test]
    fn each_movement_goes_the_right_way() {
        let sides = |posting: Option<Posting>| {
            let [debit, credit] = posting.unwrap().entries();
            (debit.account, credit.account)
        };
        use LedgerAccount::{Adjustments, Bank, Fees, Refunds, RevenueEvents, StripeBalance};
        let event = PaymentType::EventRegistration;
        assert_eq!(
            sides(Posting::charge(event, cents(5))),
            (StripeBalance, RevenueEvents)
        );
        assert_eq!(
            sides(Posting::refund(cents(5), cents(5))),
            (Refunds, StripeBalance)
        );
        assert_eq!(
            sides(Posting::refund_returned(cents(5), cents(5))),
            (StripeBalance, Refunds)
        );
        assert_eq!(sides(Posting::fee(cents(5))), (Fees, StripeBalance));
        assert_eq!(sides(Posting::payout(cents(5))), (Bank, StripeBalance));
        assert_eq!(
            sides(Posting::adjustment(Bank, cents(5), true)),
            (Adjustments, Bank)
        );
        assert_eq!(
            sides(Posting::adjustment(Bank, cents(5), false)),
            (Bank, Adjustments)
        );
        assert_eq!(Posting::adjustment(Adjustments, cents(5), true), None);
    }

    #[test]
    fn two_refunds_of_one_amount_are_two_occasions() {
        let first = Posting::refund(cents(500), cents(500)).unwrap();
        let second = Posting::refund(cents(500), cents(1_000)).unwrap();
        let returned = Posting::refund_returned(cents(500), cents(500)).unwrap();
        let occasions = [first.occasion(), second.occasion(), returned.occasion()];
        assert_eq!(occasions, ["REFUND/500", "REFUND/1000", "ADJUSTMENT/500"]);
    }

    proptest! {
        #[test]
        fn every_movement_balances_and_moves_something(
            amount in 0..=Cents::MAX.get(), what in select(PaymentType::ALL), account in select(LedgerAccount::ALL), credits: bool,
        ) {
            let amount = cents(amount);
            let all = [
                Posting::charge(what, amount),
                Posting::refund(amount, amount),
                Posting::refund_returned(amount, amount),
                Posting::fee(amount),
                Posting::payout(amount),
                Posting::adjustment(account, amount, credits),
            ];
            for posting in all.into_iter().flatten() {
                let [debit, credit] = posting.entries();
                prop_assert_eq!(debit.amount + credit.amount, 0);
                prop_assert!(debit.amount > 0 && debit.account != credit.account);
            }
            let moved = all.iter().flatten().count();
            let moving = if account == LedgerAccount::Adjustments { 5 } else { 6 };
            prop_assert_eq!(moved, if amount.is_zero() { 0 } else { moving });
        }
    }
}
