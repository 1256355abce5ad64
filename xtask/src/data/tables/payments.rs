//! Payments for memberships, events, courses, and gifts; and the ledger that they balance in.

use anyhow::Result;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::copy::Copy;
use super::events::{outline, registrations};
use super::learning::enrollments;
use super::money::memberships;
use super::series::id_at;
use super::world::World;
use crate::data::random::Random;

/// Money asked for.
#[derive(Clone)]
struct Payment {
    id: Uuid,
    user: u64,
    kind: Kind,
    /// Cents.
    amount: i64,
    at: OffsetDateTime,
    description: String,
    tier: Option<Uuid>,
    registration: Option<Uuid>,
    enrollment: Option<Uuid>,
    status: &'static str,
    /// Cents.
    refunded: i64,
}

/// What is paid for: the payment's type, and the ledger's account for it.
type Kind = (&'static str, &'static str);
const MEMBERSHIP: Kind = ("MEMBERSHIP", "REVENUE_MEMBERSHIP");
const EVENT: Kind = ("EVENT_REGISTRATION", "REVENUE_EVENTS");
const TRAINING: Kind = ("TRAINING", "REVENUE_TRAINING");
const DONATION: Kind = ("DONATION", "REVENUE_DONATIONS");
const SPONSORSHIP: Kind = ("SPONSORSHIP", "REVENUE_SPONSORSHIP");

impl Payment {
    fn new(id: Uuid, user: u64, kind: Kind, amount: i64, at: OffsetDateTime, description: String) -> Self {
        let (tier, registration, enrollment) = (None, None, None);
        Self {
            id,
            user,
            kind,
            amount,
            at,
            description,
            tier,
            registration,
            enrollment,
            status: "COMPLETED",
            refunded: 0,
        }
    }

    /// What became of what was bought.
    fn delivery(&self) -> &'static str {
        match self.status {
            "COMPLETED" => "GIVEN",
            "REFUNDED" => "TAKEN_BACK",
            _ => "DUE",
        }
    }

    fn taken(&self) -> bool {
        matches!(self.status, "COMPLETED" | "REFUNDED")
    }
}

/// All payments, one after the other: the same ones each time.
fn all(world: &World) -> impl Iterator<Item = Payment> + '_ {
    dues(world)
        .chain(seats(world))
        .chain(lessons(world))
        .chain(gifts(world))
}

fn dues(world: &World) -> impl Iterator<Item = Payment> + '_ {
    (0..world.users.count).flat_map(move |user| {
        memberships(world, user).into_iter().map(move |period| {
            let what = format!("{} membership", period.tier);
            let payment = Payment::new(
                period.payment,
                user,
                MEMBERSHIP,
                period.price,
                period.starts_at,
                what,
            );
            Payment {
                tier: world.tiers.get(period.tier).copied(),
                ..payment
            }
        })
    })
}

fn seats(world: &World) -> impl Iterator<Item = Payment> + '_ {
    (0..world.events.count).flat_map(move |index| {
        let random = &mut Random::for_row(world.seed, "event payments", index);
        let mut payments = Vec::new();
        for seat in registrations(world, &outline(world, index))
            .into_iter()
            .filter(|seat| seat.amount > 0)
        {
            let id = id_at(seat.at, random);
            let mut payment = Payment::new(
                id,
                seat.member,
                EVENT,
                seat.amount,
                seat.at,
                "Event registration".into(),
            );
            payment.registration = Some(seat.id);
            match seat.status {
                "CANCELLED" if random.chance(500) => {
                    payment.status = "REFUNDED";
                    payment.refunded = payment.amount;
                }
                "CANCELLED" => payment.status = random.pick(&["CANCELLED", "FAILED"]),
                "WAITLISTED" => continue,
                _ => {}
            }
            payments.push(payment);
        }
        payments
    })
}

fn lessons(world: &World) -> impl Iterator<Item = Payment> + '_ {
    (0..world.courses.count).flat_map(move |course| {
        let random = &mut Random::for_row(world.seed, "course payments", course);
        let mut payments = Vec::new();
        for taken in enrollments(world, course)
            .into_iter()
            .filter(|taken| taken.amount > 0)
        {
            let id = id_at(taken.at, random);
            let payment = Payment::new(
                id,
                taken.member,
                TRAINING,
                taken.amount,
                taken.at,
                "Course".into(),
            );
            payments.push(Payment {
                enrollment: Some(taken.id),
                ..payment
            });
        }
        payments
    })
}

fn gifts(world: &World) -> impl Iterator<Item = Payment> + '_ {
    world.gifts.rows().map(|mut row| {
        let user = world.someone(&mut row);
        let random = &mut row.random;
        let (kind, amount, what) = if random.chance(700) {
            (
                DONATION,
                random.pick(&[2_500, 5_000, 10_000, 25_000]),
                "Donation to the scholarship fund",
            )
        } else {
            (
                SPONSORSHIP,
                random.pick(&[100_000, 250_000, 500_000, 1_000_000]),
                "Annual sponsorship",
            )
        };
        let payment = Payment::new(row.id, user, kind, amount, row.at, what.into());
        let recent = world.now - row.at < Duration::days(4);
        let status = if recent {
            random.pick(&["PENDING", "PROCESSING", "COMPLETED"])
        } else {
            "COMPLETED"
        };
        Payment { status, ..payment }
    })
}

/// Loads `payments`.
pub(super) async fn load_payments(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "payments");
    for (number, payment) in (1_u64..).zip(all(world)) {
        let token = payment.id.simple().to_string();
        let completed = payment.taken().then_some(payment.at + Duration::seconds(40));
        copy.row(&[
            ("id", &payment.id),
            ("user_id", &world.users.id(payment.user)),
            ("type", &payment.kind.0),
            ("status", &payment.status),
            ("amount_cents", &payment.amount),
            ("refunded_amount_cents", &payment.refunded),
            ("description", &payment.description),
            ("tier_id", &payment.tier),
            ("registration_id", &payment.registration),
            ("enrollment_id", &payment.enrollment),
            ("stripe_payment_intent_id", &format!("pi_demo_{token}")),
            ("stripe_charge_id", &completed.map(|_| format!("ch_demo_{token}"))),
            (
                "failure_code",
                &(payment.status == "FAILED").then_some("card_declined"),
            ),
            (
                "receipt_number",
                &completed.map(|at| format!("R{}-{number:07}", at.year())),
            ),
            ("granted_at", &completed),
            ("delivery", &payment.delivery()),
            ("completed_at", &completed),
            ("created_at", &payment.at),
            ("updated_at", &completed.unwrap_or(payment.at)),
        ])
        .await?;
    }
    copy.finish().await
}

/// Loads `receipt_counters`: the next receipt of each year follows those that are there.
pub(super) async fn load_counters(_: &World, connection: &mut PgConnection) -> Result<u64> {
    let query = "INSERT INTO receipt_counters (year, last_number)
        SELECT substring(receipt_number FROM 2 FOR 4)::integer, max(substring(receipt_number FROM 7)::bigint)
        FROM payments
        WHERE receipt_number IS NOT NULL
        GROUP BY 1
        ON CONFLICT (year) DO NOTHING";
    Ok(sqlx::query(query).execute(connection).await?.rows_affected())
}

/// A movement of money: its id, kind, moment, and the two accounts' entries, which sum to zero.
struct Movement {
    id: Uuid,
    kind: &'static str,
    at: OffsetDateTime,
    entries: [(&'static str, i64); 2],
}

impl Movement {
    /// What tells it from every other of its payment.
    fn occasion(&self) -> String {
        let [(_, cents), _] = self.entries;
        format!("{}/{cents}", self.kind)
    }
}

fn movements(payment: &Payment) -> Vec<Movement> {
    // The ids hang on the payment's own, so both tables of the ledger get the same.
    let random = &mut Random::for_row(0, "ledger", payment.id.as_u64_pair().1);
    let mut movements = Vec::new();
    if payment.taken() {
        let at = payment.at + Duration::seconds(40);
        let entries = [
            ("STRIPE_BALANCE", payment.amount),
            (payment.kind.1, -payment.amount),
        ];
        movements.push(Movement {
            id: id_at(at, random),
            kind: "CHARGE",
            at,
            entries,
        });
    }
    if payment.refunded > 0 {
        let at = payment.at + Duration::days(2);
        let entries = [
            ("REFUNDS", payment.refunded),
            ("STRIPE_BALANCE", -payment.refunded),
        ];
        movements.push(Movement {
            id: id_at(at, random),
            kind: "REFUND",
            at,
            entries,
        });
    }
    movements
}

/// Loads `ledger_transactions`.
pub(super) async fn load_ledger(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "ledger_transactions");
    for payment in all(world) {
        for movement in movements(&payment) {
            copy.row(&[
                ("id", &movement.id),
                ("payment_id", &payment.id),
                ("kind", &movement.kind),
                ("occasion", &movement.occasion()),
                ("memo", &payment.description),
                ("posted_at", &movement.at),
            ])
            .await?;
        }
    }
    copy.finish().await
}

/// Loads `ledger_entries`.
pub(super) async fn load_entries(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "ledger_entries");
    for payment in all(world) {
        for movement in movements(&payment) {
            for (line, (account, cents)) in (1_u64..).zip(movement.entries) {
                copy.row(&[
                    ("transaction_id", &movement.id),
                    ("line", &line),
                    ("account", &account),
                    ("amount_cents", &cents),
                ])
                .await?;
            }
        }
    }
    copy.finish().await
}
