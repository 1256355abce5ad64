mod examples;
mod properties;

use std::collections::BTreeMap;

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::*;
use crate::ledger::LedgerAccount;
use crate::money::{Cents, Currency};

const START: OffsetDateTime = datetime!(2026-03-01 12:00:00 UTC);

fn cents(amount: i64) -> Cents {
    amount.try_into().unwrap()
}

fn sighting(seconds: i64, status: IntentStatus, amount: i64) -> Sighting {
    let taken = status == IntentStatus::Succeeded;
    Sighting {
        at: START + Duration::seconds(seconds),
        status,
        amount: cents(amount),
        currency: Currency::USD,
        received: cents(if taken { amount } else { 0 }),
        refunds: RefundTotals::NONE,
        fee: None,
    }
}

fn asked(amount: i64) -> PaymentState {
    PaymentState::asked(PaymentType::Membership, cents(amount), Currency::USD)
}

/// All that a payment has done to the association.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Books {
    state: PaymentState,
    balances: BTreeMap<&'static str, i64>,
    occasions: Vec<String>,
    has_it: bool,
    receipts: u32,
}

impl Books {
    fn new(amount: i64) -> Self {
        Self {
            state: asked(amount),
            balances: BTreeMap::new(),
            occasions: Vec::new(),
            has_it: false,
            receipts: 0,
        }
    }

    fn see(&mut self, seen: &Sighting) {
        let observed = self.state.observe(seen).unwrap();
        let before = self.state.status;
        for posting in &observed.postings {
            for entry in posting.entries() {
                *self.balances.entry(entry.account.as_str()).or_default() += entry.amount;
            }
            assert!(!self.occasions.contains(&posting.occasion()), "{posting:?} twice");
            self.occasions.push(posting.occasion());
        }
        match observed.owed {
            Owed::Grant => assert!(!std::mem::replace(&mut self.has_it, true), "granted twice"),
            Owed::Revoke => assert!(
                std::mem::replace(&mut self.has_it, false),
                "taken back, and never given"
            ),
            Owed::Nothing => {}
            Owed::GiveBack(_) => panic!("nothing was refused"),
        }
        self.receipts += u32::from(observed.is_newly_taken);
        self.state = observed.state;
        assert!(
            leads_to(before, self.state.status),
            "{before} to {}",
            self.state.status
        );
    }

    fn balance(&self, account: LedgerAccount) -> i64 {
        self.balances.get(account.as_str()).copied().unwrap_or_default()
    }

    /// All that does not depend on what was seen on the way.
    fn sum(&self) -> (PaymentState, Vec<(&'static str, i64)>, bool, u32) {
        let balances = self.balances.iter().map(|(account, amount)| (*account, *amount));
        let state = PaymentState {
            delivery: Delivery::Due,
            ..self.state
        };
        (
            state,
            balances.filter(|(_, amount)| *amount != 0).collect(),
            self.has_it,
            self.receipts,
        )
    }
}

fn leads_to(from: PaymentStatus, to: PaymentStatus) -> bool {
    let mut known = vec![from];
    let mut next = 0;
    while let Some(status) = known.get(next).copied() {
        next += 1;
        let fresh: Vec<_> = status
            .next()
            .iter()
            .filter(|one| !known.contains(one))
            .copied()
            .collect();
        known.extend(fresh);
    }
    known.contains(&to)
}
