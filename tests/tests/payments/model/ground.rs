//! Where it happens: a database of its own, the functions' steps over it, and the fake Stripe.

use billing::{Billing, Settings};
use portal_cashier::Cashier;
use portal_data::payments::{self, Gift, TargetFor};
use portal_data::{DataError, Database, enrollments, refunds, registrations};
use portal_domain::ids::{CourseId, EventId, PaymentId, UserId};
use portal_jobs::Deadline;
use portal_stripe::{Event, NewRefund, WebhookSecret};
use portal_tests::database::TestDatabase;
use portal_tests::fake_stripe::FakeStripe;
use portal_tests::members::Member;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::furniture::{Things, dying, furnish, terms};
use super::plan::Thing;

const MEMBERS: usize = 4;

/// Everything.
pub(crate) struct Ground {
    pub(crate) owner: PgConnection,
    pub(crate) fake: FakeStripe,
    pub(crate) cashier: Cashier,
    pub(crate) members: Vec<Member>,
    pub(crate) payments: Vec<PaymentId>,
    staff: Member,
    api: Database,
    things: Things,
    _database: TestDatabase,
}

impl Ground {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::create().await;
        let mut owner = database.connect("owner").await;
        let mut members = Vec::new();
        for number in 0..MEMBERS {
            members.push(Member::add(&mut owner, &format!("member{number}"), &["member"]).await);
        }
        let staff = Member::add(&mut owner, "staff", &["finance"]).await;
        let things = furnish(&mut owner, staff.id).await;
        let fake = FakeStripe::start().await;
        // Whoever asks, asks again by themselves: each request is one.
        let stripe = fake.client(1);
        let jobs = database.open("portal_jobs", false).await;
        Self {
            cashier: Cashier::new(jobs, stripe, terms(), OffsetDateTime::now_utc),
            api: database.open("portal_api", false).await,
            owner,
            fake,
            members,
            payments: Vec::new(),
            staff,
            things,
            _database: database,
        }
    }

    /// A member asks, as `POST /v1/payments` does; what is written down stays, wherever it dies.
    pub(crate) async fn ask(&mut self, member: usize, thing: Thing, dies: Option<u8>) {
        let member = self.members[member];
        self.let_pauses_pass().await;
        let (wanted, id): (TargetFor, UserId) = match self.target(member, thing).await {
            Some(wanted) => (wanted, member.id.into()),
            None => return,
        };
        let asked = async {
            let mut tx = self.api.begin(&member.request()).await?;
            let terms = (&self.cashier.terms().membership, OffsetDateTime::now_utc());
            let new = payments::target(&mut tx, id, &wanted, terms).await?;
            let payment = payments::ask(&mut tx, id, &new).await?;
            tx.commit().await?;
            Ok::<_, DataError>(payment)
        };
        if let Ok(payment) = asked.await {
            if !self.payments.contains(&payment) {
                self.payments.push(payment);
            }
            self.arrange(payment, dies).await;
        }
    }

    /// The second half of asking, which a repeated request does again.
    pub(crate) async fn arrange(&self, payment: PaymentId, dies: Option<u8>) {
        let arranged = async {
            let mut tx = self.cashier.begin(Uuid::now_v7()).await.unwrap();
            let look = payments::look(&mut tx, payment).await.unwrap().unwrap();
            tx.commit().await.unwrap();
            drop(self.cashier.arrange(Uuid::now_v7(), &look).await);
        };
        dying(dies, arranged).await;
    }

    /// Takes a seat or a course up first, where that is what is bought.
    async fn target(&self, member: Member, thing: Thing) -> Option<TargetFor> {
        let (id, now) = (UserId::from(member.id), OffsetDateTime::now_utc());
        let mut tx = self.api.begin(&member.request()).await.unwrap();
        let target = match thing {
            Thing::Small => TargetFor::Membership(self.things.small.into()),
            Thing::Large => TargetFor::Membership(self.things.large.into()),
            Thing::Gift(cents) => TargetFor::Gift(Gift::default(), i64::from(cents).try_into().unwrap()),
            Thing::Seat => {
                let terms = &self.cashier.terms().seats;
                let event = EventId::from(self.things.event);
                let held = registrations::hold(&mut tx, event, terms, now).await.unwrap()?;
                let before = registrations::lock_own(&mut tx, event, id).await.unwrap();
                let seat = registrations::register(&mut tx, &held, id, before.as_ref(), (terms, now)).await;
                match (seat, before) {
                    (Ok(seat), _) => TargetFor::Registration(seat),
                    (Err(_), Some(before)) => TargetFor::Registration(before.id),
                    (Err(_), None) => return None,
                }
            }
            Thing::Course => {
                let course = CourseId::from(self.things.course);
                let listing = portal_data::courses::lookup(&mut tx, course).await.unwrap()?;
                let before = enrollments::lock_latest(&mut tx, course, id).await.unwrap();
                let terms = portal_domain::course::LearningTerms {
                    hold: time::Duration::HOUR,
                };
                let taken = enrollments::take_up(&mut tx, &listing, id, before.as_ref(), (&terms, now)).await;
                match (taken, before) {
                    (Ok(taken), _) => TargetFor::Enrollment(taken),
                    (Err(_), Some(before)) => TargetFor::Enrollment(before.id),
                    (Err(_), None) => return None,
                }
            }
        };
        tx.commit().await.ok()?;
        Some(target)
    }

    /// A member gives the seat back, if there is one; what was paid for it is owed then.
    pub(crate) async fn give_back(&self, member: usize) {
        let member = self.members[member];
        let (terms, now) = (&self.cashier.terms().seats, OffsetDateTime::now_utc());
        let event = EventId::from(self.things.event);
        let mut tx = self.api.begin(&member.request()).await.unwrap();
        let held = registrations::hold(&mut tx, event, terms, now).await.unwrap();
        let own = registrations::lock_own(&mut tx, event, member.id.into())
            .await
            .unwrap();
        let Some((held, own)) = held.zip(own) else { return };
        match registrations::cancel(&mut tx, &held, &own, (terms, now)).await {
            Ok(()) => {
                tx.commit().await.unwrap();
            }
            Err(DataError::Refused { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }

    /// A seat that was held and not paid can be held again.
    async fn let_pauses_pass(&mut self) {
        sqlx::query("UPDATE event_registrations SET cancelled_at = cancelled_at - interval '2 days' WHERE cancelled_at IS NOT NULL")
            .execute(&mut self.owner)
            .await
            .unwrap();
    }

    pub(crate) async fn cancel(&self, payment: PaymentId, dies: Option<u8>) {
        let intent = self.intent_of(payment).await;
        let cancelled = async {
            drop(
                self.cashier
                    .cancel(Uuid::now_v7(), payment, intent.as_deref())
                    .await,
            );
        };
        dying(dies, cancelled).await;
    }

    /// Staff give a share of what is left back, as `POST /v1/payments/{id}/refund` does.
    pub(crate) async fn refund(&self, payment: PaymentId, share: u8, dies: Option<u8>) {
        let requested = async {
            let mut tx = self.api.begin(&self.staff.request()).await?;
            let Some(state) = payments::state_of(&mut tx, payment).await? else {
                return Err(DataError::NotFound);
            };
            let part = state.refundable().share(1, share.into());
            let asked = (part, "For the sake of it");
            let by = self.staff.id.into();
            let id = refunds::request(&mut tx, (payment, &state), Some(asked.0), asked.1, by).await?;
            tx.commit().await?;
            Ok(id)
        };
        let Ok(id) = requested.await else { return };
        let made = async {
            let mut tx = self.cashier.begin(Uuid::now_v7()).await.unwrap();
            let owed = refunds::lookup(&mut tx, id).await.unwrap();
            tx.commit().await.unwrap();
            if let Some(owed) = owed {
                drop(self.cashier.give_back(Uuid::now_v7(), &owed).await);
            }
        };
        dying(dies, made).await;
    }

    /// The same at Stripe, by somebody who looks at it there.
    pub(crate) async fn refund_there(&self, payment: PaymentId, share: u8) {
        let Some(intent) = self.intent_of(payment).await else {
            return;
        };
        let of = |id: &str| id == intent;
        let paid = self
            .fake
            .intents()
            .iter()
            .find(|one| of(&one.id))
            .map_or(0, |one| one.amount);
        let gone: i64 = self
            .fake
            .refunds()
            .iter()
            .filter(|one| of(&one.intent))
            .map(|one| one.amount)
            .sum();
        let part = (paid - gone) / i64::from(share);
        if part > 0 {
            let refund = NewRefund {
                payment_intent: intent,
                amount: part.try_into().unwrap(),
                reason: None,
                metadata: std::collections::BTreeMap::new(),
            };
            let key = Uuid::now_v7().to_string().try_into().unwrap();
            drop(self.cashier.stripe().create_refund(&refund, &key).await);
        }
    }

    /// Every event that there was, as it is delivered.
    pub(crate) fn events(&self) -> Vec<Event> {
        let (now, secrets) = (
            OffsetDateTime::now_utc(),
            [WebhookSecret::from(self.fake.webhook_secret.clone())],
        );
        let delivered = |event| {
            let (signature, body) = self.fake.delivery(event, now);
            Event::from_webhook(&signature, &body, &secrets, now).unwrap()
        };
        self.fake.events().iter().map(delivered).collect()
    }

    pub(crate) async fn take(&self, event: &Event, dies: Option<u8>) {
        let taken = async { drop(self.cashier.take(Uuid::now_v7(), event).await) };
        dying(dies, taken).await;
    }

    /// A night. In the last one nobody pays any more, and all that is open is called off.
    pub(crate) async fn night(&self, is_last: bool, dies: Option<u8>) {
        let settings = Settings {
            asked_after: time::Duration::ZERO,
            abandoned_after: if is_last {
                time::Duration::ZERO
            } else {
                time::Duration::DAY
            },
            ..Settings::default()
        };
        let billing = Billing::new(self.cashier.clone(), settings);
        let mut outcome = None;
        dying(dies, async {
            outcome = Some(billing.work(Deadline::never()).await);
        })
        .await;
        if is_last {
            let report = outcome.unwrap().unwrap();
            assert_eq!((report.failed, report.is_cut_short), (0, false), "{report:?}");
        }
    }

    pub(crate) async fn run_out(&mut self, payment: PaymentId) {
        sqlx::query(
            "UPDATE event_registrations SET hold_expires_at = now() - interval '1 second'
            WHERE id = (SELECT registration_id FROM payments WHERE id = $1) AND hold_expires_at IS NOT NULL",
        )
        .bind(payment.as_uuid())
        .execute(&mut self.owner)
        .await
        .unwrap();
    }

    /// The intent that the payer's client has: only one whose secret was given out.
    pub(crate) async fn intent_of(&self, payment: PaymentId) -> Option<String> {
        let mut tx = self.cashier.begin(Uuid::now_v7()).await.unwrap();
        let look = payments::look(&mut tx, payment).await.unwrap();
        tx.commit().await.unwrap();
        look.and_then(|look| look.intent)
    }
}
