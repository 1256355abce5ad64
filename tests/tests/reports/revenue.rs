//! What the ledger says.

use std::collections::BTreeMap;

use portal_data::reports;
use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::support::{House, NOW, SEEDS, all_cuts, id, moment, pick, random, within};

const EARNED: [(&str, &str); 5] = [
    ("REVENUE_MEMBERSHIP", "membershipCents"),
    ("REVENUE_EVENTS", "eventsCents"),
    ("REVENUE_TRAINING", "trainingCents"),
    ("REVENUE_SPONSORSHIP", "sponsorshipCents"),
    ("REVENUE_DONATIONS", "donationsCents"),
];
const SPENT: [(&str, &str); 2] = [("REFUNDS", "refundedCents"), ("FEES", "feesCents")];
const OTHERS: [&str; 3] = ["STRIPE_BALANCE", "BANK", "ADJUSTMENTS"];

struct Entry {
    account: &'static str,
    cents: i64,
}

struct Movement {
    at: OffsetDateTime,
    currency: &'static str,
    entries: [Entry; 2],
}

impl Movement {
    fn draw(random: &mut StdRng) -> Self {
        let names = EARNED.iter().chain(&SPENT).map(|(account, _)| *account);
        let names: Vec<_> = names.chain(OTHERS).collect();
        let cents = random.random_range(1..90_000);
        let side = pick(random, &[1, -1]);
        let entry = |random: &mut StdRng, sign: i64| Entry {
            account: pick(random, &names),
            cents: sign * cents,
        };
        Self {
            at: moment(random),
            currency: pick(random, &["USD", "USD", "USD", "EUR"]),
            entries: [entry(random, side), entry(random, -side)],
        }
    }

    fn insertion(&self) -> String {
        let movement = id();
        let mut statements = format!(
            "INSERT INTO ledger_transactions (id, kind, posted_at) VALUES ('{movement}', 'ADJUSTMENT', '{}');",
            self.at
        );
        for (line, entry) in self.entries.iter().enumerate() {
            statements += &format!(
                "INSERT INTO ledger_entries (transaction_id, line, account, amount_cents, currency)
                VALUES ('{movement}', {}, '{}', {}, '{}');",
                line + 1,
                entry.account,
                entry.cents,
                self.currency,
            );
        }
        statements
    }
}

/// What a report says of these movements in one currency: credits of revenue are earned, debits of the others spent.
fn sums(movements: &[&Movement]) -> Value {
    let debit = |account: &str| {
        let entries = movements.iter().flat_map(|movement| &movement.entries);
        let of_account = entries.filter(|entry| entry.account == account);
        of_account.map(|entry| entry.cents).sum::<i64>()
    };
    let mut sums = serde_json::Map::new();
    let mut earned = 0;
    for (account, name) in EARNED {
        earned -= debit(account);
        sums.insert(name.to_owned(), json!(-debit(account)));
    }
    let mut net = earned;
    for (account, name) in SPENT {
        net -= debit(account);
        sums.insert(name.to_owned(), json!(debit(account)));
    }
    sums.insert("earnedCents".to_owned(), json!(earned));
    sums.insert("netCents".to_owned(), json!(net));
    Value::Object(sums)
}

/// The movements that are in a report at all, by their currency.
fn by_currency<'a>(movements: impl Iterator<Item = &'a Movement>) -> BTreeMap<&'a str, Vec<&'a Movement>> {
    let mut currencies: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for movement in movements {
        let counts = |entry: &Entry| !OTHERS.contains(&entry.account);
        if movement.entries.iter().any(counts) {
            currencies.entry(movement.currency).or_default().push(movement);
        }
    }
    currencies
}

fn with(mut sums: Value, members: &[(&str, &str)]) -> Value {
    for (name, value) in members {
        sums[*name] = json!(value);
    }
    sums
}

#[tokio::test]
async fn revenue_is_the_sum_of_the_ledger_by_currency() {
    for seed in SEEDS {
        let random = &mut random(seed);
        let mut house = House::create().await;
        let movements: Vec<_> = (0..300).map(|_| Movement::draw(random)).collect();
        let statements: String = movements.iter().map(Movement::insertion).collect();
        house.insert(&statements).await;
        for periods in all_cuts() {
            let report = house
                .report(async |tx| reports::revenue(tx, &periods, NOW).await)
                .await;
            let mut expected = Vec::new();
            for span in periods.spans() {
                let (from, to) = (span.first.to_string(), span.last.to_string());
                let mut currencies = by_currency(movements.iter().filter(|one| within(span, one.at)));
                if currencies.is_empty() {
                    currencies.insert("USD", Vec::new());
                }
                for (currency, of_it) in currencies {
                    let members = [("from", from.as_str()), ("to", &to), ("currency", currency)];
                    expected.push(with(sums(&of_it), &members));
                }
            }
            assert_eq!(report["periods"], Value::Array(expected), "seed {seed}");
            let is_in = |one: &&Movement| periods.spans().iter().any(|span| within(span, one.at));
            let totals = by_currency(movements.iter().filter(is_in));
            let totals = totals
                .into_iter()
                .map(|(currency, of_it)| with(sums(&of_it), &[("currency", currency)]));
            assert_eq!(report["totals"], Value::Array(totals.collect()), "seed {seed}");
        }
    }
}
