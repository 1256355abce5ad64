//! Payments over a network that loses answers, webhooks that come in any order, twice or never, and a process that ends at any point: money
//! taken is money recorded is what was granted.

use std::collections::BTreeMap;

use portal_domain::ledger::{LedgerAccount, Posting};
use portal_domain::payment::{Owed, PaymentState};
use portal_stripe::{Created, Event, IdempotencyKey, Stripe, StripeError, WebhookSecret};
use portal_tests::fake_stripe::{FakeStripe, Fault};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::support::{asked, intent, refund};

/// What happens.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody asks to pay; the row is there before Stripe is asked.
    Ask(i64),
    /// A client that has no answer asks again, with its key.
    AskAgain(Index),
    Pay(Index),
    Decline(Index),
    Cancel(Index),
    /// A webhook is delivered. The process may end before the commit.
    Deliver(Index, bool),
    /// So many hundredths of what is left go back. Without an answer it is asked again, with the same key, or never.
    Refund(Index, i64, bool),
    /// A refund comes back.
    Return(Index),
    Reconcile,
}

fn steps() -> impl Strategy<Value = Vec<(Step, Vec<Option<Fault>>)>> {
    let which = any::<Index>;
    let step = prop_oneof![
        3 => (50..10_000_i64).prop_map(Step::Ask),
        2 => which().prop_map(Step::AskAgain),
        4 => which().prop_map(Step::Pay),
        1 => which().prop_map(Step::Decline),
        1 => which().prop_map(Step::Cancel),
        6 => (which(), any::<bool>()).prop_map(|(event, ends)| Step::Deliver(event, ends)),
        3 => (which(), 1..=100_i64, any::<bool>()).prop_map(|(payment, part, again)| Step::Refund(payment, part, again)),
        1 => which().prop_map(Step::Return),
        1 => Just(Step::Reconcile),
    ];
    let fault = select(&[None, None, Some(Fault::Refused), Some(Fault::AnswerLost)][..]);
    prop::collection::vec((step, prop::collection::vec(fault, 0..4)), 1..30)
}

/// A payment's row, and what it has done.
struct Row {
    key: String,
    intent: Option<String>,
    state: PaymentState,
    balances: BTreeMap<&'static str, i64>,
    has_it: bool,
}

struct Desk {
    fake: FakeStripe,
    stripe: Stripe,
    rows: Vec<Row>,
}

fn key(text: String) -> IdempotencyKey {
    text.try_into().unwrap()
}

impl Desk {
    async fn open() -> Self {
        let fake = FakeStripe::start().await;
        let stripe = fake.client(2);
        let rows = Vec::new();
        Self { fake, stripe, rows }
    }

    async fn take(&mut self, step: Step) {
        let place = |index: Index| (!self.rows.is_empty()).then(|| index.index(self.rows.len()));
        match step {
            Step::Ask(amount) => {
                self.rows.push(Row {
                    key: Uuid::now_v7().to_string(),
                    intent: None,
                    state: asked(amount),
                    balances: BTreeMap::new(),
                    has_it: false,
                });
                self.ask(self.rows.len() - 1).await;
            }
            Step::AskAgain(index) => {
                if let Some(place) = place(index) {
                    self.ask(place).await;
                }
            }
            Step::Pay(index) => {
                if let Some(id) = self.some_intent(index) {
                    self.fake.pay(&id);
                }
            }
            Step::Decline(index) => {
                if let Some(id) = self.some_intent(index) {
                    self.fake.decline(&id);
                }
            }
            Step::Cancel(index) => {
                if let Some(id) = self.some_intent(index) {
                    let key = key(format!("cancel/{id}"));
                    // Whether it has worked is seen when it is looked at.
                    self.stripe.cancel_payment_intent(&id, &key).await.ok();
                }
            }
            Step::Deliver(index, ends) => self.deliver(index, ends).await,
            Step::Refund(index, part, again) => {
                if let Some(place) = place(index) {
                    self.give_back(place, part, again).await;
                }
            }
            Step::Return(index) => self.return_one(index),
            Step::Reconcile => self.reconcile().await,
        }
    }

    fn some_intent(&self, index: Index) -> Option<String> {
        let intents = self.fake.intents();
        (!intents.is_empty()).then(|| index.get(&intents).id.clone())
    }

    async fn ask(&mut self, place: usize) {
        let row = &mut self.rows[place];
        let mut wanted = intent(row.state.amount.get());
        wanted.metadata = BTreeMap::from([("payment".to_owned(), row.key.clone())]);
        if let Ok(made) = self
            .stripe
            .create_payment_intent(&wanted, &key(row.key.clone()))
            .await
        {
            assert!(
                row.intent.as_ref().is_none_or(|known| *known == made.id),
                "one key, one intent"
            );
            row.intent = Some(made.id);
        }
    }

    async fn deliver(&mut self, index: Index, ends: bool) {
        let events = self.fake.events();
        if events.is_empty() {
            return;
        }
        let now = OffsetDateTime::now_utc();
        let (signature, body) = self.fake.delivery(index.get(&events), now);
        let secrets = [WebhookSecret::from(self.fake.webhook_secret.clone())];
        let event = Event::from_webhook(&signature, &body, &secrets, now).unwrap();
        self.look(&event.object.payment_intent.unwrap(), ends).await;
    }

    async fn give_back(&mut self, place: usize, part: i64, again: bool) {
        let row = &self.rows[place];
        let (Some(id), Ok(left)) = (row.intent.clone(), row.state.refund(None)) else {
            return;
        };
        let wanted = refund(&id, (left.get() * part / 100).max(1));
        let key = key(Uuid::now_v7().to_string());
        let mut answer = self.stripe.create_refund(&wanted, &key).await;
        if answer.as_ref().is_err_and(StripeError::may_have_happened) && again {
            answer = self.stripe.create_refund(&wanted, &key).await;
        }
        if answer.is_ok() {
            self.look(&id, false).await;
        }
    }

    fn return_one(&self, index: Index) {
        let done = self
            .fake
            .refunds()
            .into_iter()
            .filter(|one| one.status == "succeeded");
        let done: Vec<_> = done.collect();
        if !done.is_empty() {
            self.fake.return_refund(&index.get(&done).id);
        }
    }

    /// Looks at an intent and joins what is seen with its row; a process that ends before the commit has written nothing.
    async fn look(&mut self, id: &str, ends: bool) {
        let at = OffsetDateTime::now_utc();
        let Ok(intent) = self.stripe.retrieve_payment_intent(id).await else {
            return;
        };
        let Ok(refunds) = self.stripe.refunds_of(id).await else {
            return;
        };
        let key = intent.metadata.get("payment").unwrap();
        let row = self.rows.iter_mut().find(|row| row.key == *key).unwrap();
        let observed = row
            .state
            .observe(&intent.sighting(at, Some(&refunds)).unwrap())
            .unwrap();
        if ends {
            return;
        }
        row.intent = Some(intent.id);
        row.state = observed.state;
        for entry in observed.postings.iter().flat_map(Posting::entries) {
            *row.balances.entry(entry.account.as_str()).or_default() += entry.amount;
        }
        match observed.owed {
            Owed::Grant => assert!(!std::mem::replace(&mut row.has_it, true), "granted twice"),
            Owed::Revoke => assert!(std::mem::replace(&mut row.has_it, false), "taken back twice"),
            Owed::Nothing => {}
            Owed::GiveBack(_) => panic!("nothing was refused"),
        }
    }

    /// Looks at all that Stripe tells of, as far as it answers.
    async fn reconcile(&mut self) {
        let now = OffsetDateTime::now_utc();
        let created = Created {
            from: now - Duration::HOUR,
            until: now + Duration::HOUR,
        };
        let mut after = None;
        while let Ok(page) = self.stripe.list_payment_intents(created, after.as_deref()).await {
            after = page.next().map(str::to_owned);
            for intent in page.data {
                self.look(&intent.id, false).await;
            }
            if after.is_none() {
                return;
            }
        }
    }

    /// What must hold in the end.
    fn check(&self) {
        let intents = self.fake.intents();
        for row in &self.rows {
            let mine: Vec<_> = intents
                .iter()
                .filter(|one| one.metadata["payment"] == row.key)
                .collect();
            assert!(mine.len() <= 1, "money was asked for twice");
            let taken: i64 = mine
                .iter()
                .filter(|one| one.status == "succeeded")
                .map(|one| one.amount)
                .sum();
            let refunds = self.fake.refunds();
            let given_back = refunds
                .iter()
                .filter(|refund| refund.status != "failed" && mine.iter().any(|one| one.id == refund.intent));
            let given_back: i64 = given_back.map(|refund| refund.amount).sum();
            let balance =
                |account: LedgerAccount| row.balances.get(account.as_str()).copied().unwrap_or_default();
            assert_eq!(-balance(LedgerAccount::RevenueDonations), taken);
            assert_eq!(balance(LedgerAccount::Refunds), given_back);
            assert_eq!(row.state.refunds.net().get(), given_back);
            assert_eq!(row.balances.values().sum::<i64>(), 0);
            assert_eq!(row.has_it, taken > 0 && given_back < taken);
            assert_eq!(row.has_it, row.state.is_entitled());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn money_taken_is_money_recorded_is_what_was_granted(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut desk = Desk::open().await;
            for (step, faults) in steps {
                desk.fake.faults(faults);
                desk.take(step).await;
            }
            desk.fake.faults([]);
            desk.reconcile().await;
            desk.check();
        });
    }
}
