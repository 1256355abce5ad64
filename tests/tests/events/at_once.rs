//! Five hundred members ask for a hundred seats at once, while some give theirs back, some pay, some pay late and some not at all. Never
//! more than a hundred have a seat, nobody is lost or doubled, and the line keeps its order.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use portal_data::registrations::{self, Payment};
use portal_data::{DataError, Database};
use portal_domain::ids::{EventId, RegistrationId};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::people::Person;
use crate::support::{nobody, seats, terms};
use portal_tests::tokens::Signer;
use serde_json::json;

const MEMBERS: usize = 500;
const SEATS: i32 = 100;
/// How many ways in there are; each has connections of its own, as execution environments have.
const WAYS: usize = 12;
const PRICE: i64 = 700;

/// Members with sessions, in one statement.
async fn crowd(owner: &mut PgConnection, count: usize) -> Vec<Member> {
    let members: Vec<_> = (0..count)
        .map(|_| Member {
            id: Uuid::now_v7(),
            session: Uuid::now_v7(),
        })
        .collect();
    let ids: Vec<_> = members.iter().map(|member| member.id).collect();
    let sessions: Vec<_> = members.iter().map(|member| member.session).collect();
    sqlx::query(
        "WITH people AS (
            INSERT INTO users (id, email, first_name, last_name, is_verified, approved_at)
            SELECT id, id || '@example.org', 'Some', 'Body', true, now() FROM unnest($1::uuid[]) AS id)
        INSERT INTO sessions (id, user_id, refresh_token_hash, expires_at)
        SELECT s, u, uuid_send(s), now() + interval '1 day' FROM unnest($1::uuid[], $2::uuid[]) AS pair (u, s)",
    )
    .bind(&ids)
    .bind(&sessions)
    .execute(owner)
    .await
    .unwrap();
    members
}

async fn event(owner: &mut PgConnection, organizer: Uuid) -> Uuid {
    let event = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at, max_capacity, price_cents)
        VALUES ($1, $2, 'A gala', 'AWARDS', 'REGISTRATION_OPEN', now() + interval '30 days', now() + interval '31 days', $3, $4)",
    )
    .bind(event)
    .bind(organizer)
    .bind(SEATS)
    .bind(PRICE)
    .execute(owner)
    .await
    .unwrap();
    event
}

/// What must hold at every moment, counted from the rows alone.
async fn check(owner: &mut PgConnection, event: Uuid) {
    let (taken, counted, doubled): (i64, i32, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE r.status IN ('REGISTERED', 'ATTENDED') OR r.status = 'WAITLISTED' AND r.offer_expires_at IS NOT NULL),
            e.registered_count, count(*) - count(DISTINCT r.user_id)
        FROM events AS e LEFT JOIN event_registrations AS r ON r.event_id = e.id
        WHERE e.id = $1 GROUP BY e.id",
    )
    .bind(event)
    .fetch_one(&mut *owner)
    .await
    .unwrap();
    assert!(taken <= i64::from(SEATS), "{taken} seats of {SEATS}");
    assert_eq!((taken, doubled), (i64::from(counted), 0));
    // Whoever waits without an offer came after everybody who has one, but for those who came while it was being made.
    let overtaken: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM event_registrations AS offered
        JOIN event_registrations AS waiting ON waiting.event_id = offered.event_id
            AND waiting.status = 'WAITLISTED' AND waiting.offer_expires_at IS NULL
            AND (waiting.waitlisted_at, waiting.id) < (offered.waitlisted_at, offered.id)
        WHERE offered.event_id = $1 AND offered.status = 'WAITLISTED' AND offered.offer_expires_at IS NOT NULL",
    )
    .bind(event)
    .fetch_one(owner)
    .await
    .unwrap();
    assert_eq!(overtaken, 0, "somebody was passed over");
}

/// What one member does, drawn beforehand so that a failing run can be repeated.
#[derive(Clone, Copy, Debug)]
enum Mind {
    Pays,
    PaysLate,
    NeverPays,
    GivesBack,
}

struct Scene {
    event: EventId,
    api: Vec<Database>,
    jobs: Vec<Database>,
}

impl Scene {
    async fn member(&self, number: usize, member: Member, mind: Mind) {
        let api = &self.api[number % WAYS];
        let registration = self.register(api, member).await;
        match mind {
            Mind::Pays => self.pay(number, registration).await,
            Mind::GivesBack => self.give_back(api, member).await,
            Mind::PaysLate | Mind::NeverPays => {}
        }
    }

    async fn register(&self, api: &Database, member: Member) -> RegistrationId {
        let (terms, now) = (terms(), OffsetDateTime::now_utc());
        let mut tx = api.begin(&member.request()).await.unwrap();
        let held = registrations::hold(&mut tx, self.event, &terms, now)
            .await
            .unwrap();
        let before = registrations::lock_own(&mut tx, self.event, member.id.into())
            .await
            .unwrap();
        let (held, asks) = (held.unwrap(), member.id.into());
        let id = registrations::register(&mut tx, &held, asks, before.as_ref(), (&terms, now))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        id
    }

    async fn give_back(&self, api: &Database, member: Member) {
        let (terms, now) = (terms(), OffsetDateTime::now_utc());
        let mut tx = api.begin(&member.request()).await.unwrap();
        let held = registrations::hold(&mut tx, self.event, &terms, now)
            .await
            .unwrap();
        let own = registrations::lock_own(&mut tx, self.event, member.id.into())
            .await
            .unwrap();
        match registrations::cancel(&mut tx, &held.unwrap(), &own.unwrap(), (&terms, now)).await {
            // It may have run out before.
            Ok(()) | Err(DataError::Refused { .. }) => {}
            Err(error) => panic!("{error}"),
        }
        tx.commit().await.unwrap();
    }

    async fn accept(&self, api: &Database, member: Member) {
        let (terms, now) = (terms(), OffsetDateTime::now_utc());
        let mut tx = api.begin(&member.request()).await.unwrap();
        let held = registrations::hold(&mut tx, self.event, &terms, now)
            .await
            .unwrap();
        let own = registrations::lock_own(&mut tx, self.event, member.id.into())
            .await
            .unwrap();
        let own = own.unwrap();
        if own.offer_expires_at.is_some() {
            let held = held.unwrap();
            registrations::accept(&mut tx, &held, member.id.into(), &own, (&terms, now))
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn pay(&self, number: usize, registration: RegistrationId) {
        let (terms, now) = (terms(), OffsetDateTime::now_utc());
        let mut tx = self.jobs[number % WAYS].begin(&nobody()).await.unwrap();
        let amount = PRICE.try_into().unwrap();
        let payment = registrations::confirm_payment(&mut tx, registration, amount, &terms, now)
            .await
            .unwrap();
        assert_ne!(payment, Payment::OtherAmount);
        tx.commit().await.unwrap();
    }

    async fn settle(&self) {
        let mut tx = self.jobs[0].begin(&nobody()).await.unwrap();
        registrations::settle(&mut tx, self.event, &terms(), OffsetDateTime::now_utc())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

async fn ways(database: &TestDatabase, role: &str) -> Vec<Database> {
    let mut ways = Vec::new();
    for _ in 0..WAYS {
        ways.push(database.open(role, false).await);
    }
    ways
}

/// Runs every hold or offer out that was not paid or accepted.
async fn let_time_pass(owner: &mut PgConnection, event: Uuid) {
    sqlx::query(
        "UPDATE event_registrations
        SET hold_expires_at = hold_expires_at - interval '30 days', offer_expires_at = offer_expires_at - interval '30 days'
        WHERE event_id = $1",
    )
    .bind(event)
    .execute(owner)
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_ask_for_a_hundred_seats() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let members = crowd(&mut owner, MEMBERS).await;
    let event = event(&mut owner, members[0].id).await;
    let scene = Scene {
        event: event.into(),
        api: ways(&database, "portal_api").await,
        jobs: ways(&database, "portal_jobs").await,
    };
    let mut random = StdRng::seed_from_u64(7);
    let minds: Vec<_> = (0..MEMBERS)
        .map(|_| match random.random_range(0..10) {
            0..5 => Mind::Pays,
            5 => Mind::PaysLate,
            6 => Mind::NeverPays,
            _ => Mind::GivesBack,
        })
        .collect();
    // Looked at all the while.
    let over = AtomicBool::new(false);
    let mut watcher = database.connect("owner").await;
    let watching = async {
        let mut looks = 0;
        while !over.load(Ordering::Relaxed) {
            check(&mut watcher, event).await;
            looks += 1;
        }
        looks
    };
    let acting = async {
        let all = members.iter().zip(&minds).enumerate();
        stream::iter(all)
            .for_each_concurrent(2 * WAYS, |(number, (member, mind))| {
                scene.member(number, *member, *mind)
            })
            .await;
        over.store(true, Ordering::Relaxed);
    };
    let (looks, ()) = tokio::join!(watching, acting);
    assert!(looks > 10, "{looks} looks");
    finish(&scene, &mut owner, &members, &minds).await;
}

/// Time passes until the line is empty; then nobody is lost and every seat is paid.
async fn finish(scene: &Scene, owner: &mut PgConnection, members: &[Member], minds: &[Mind]) {
    let event = scene.event.as_uuid();
    for _ in 0..20 {
        check(owner, event).await;
        // Those who have an offer accept it, and of these some pay.
        let offered: Vec<(Uuid,)> = sqlx::query_as(
            "SELECT user_id FROM event_registrations WHERE event_id = $1 AND offer_expires_at IS NOT NULL",
        )
        .bind(event)
        .fetch_all(&mut *owner)
        .await
        .unwrap();
        let offered: BTreeSet<_> = offered.into_iter().map(|(user,)| user).collect();
        let accepting = members
            .iter()
            .zip(minds)
            .enumerate()
            .filter(|(_, (member, mind))| offered.contains(&member.id) && !matches!(mind, Mind::NeverPays));
        join_all(accepting.map(|(number, (member, _))| scene.accept(&scene.api[number % WAYS], *member)))
            .await;
        let held: Vec<(Uuid, Uuid)> = sqlx::query_as(
            "SELECT id, user_id FROM event_registrations WHERE event_id = $1 AND hold_expires_at IS NOT NULL",
        )
        .bind(event)
        .fetch_all(&mut *owner)
        .await
        .unwrap();
        let mind = |user: Uuid| {
            let number = members.iter().position(|member| member.id == user).unwrap();
            (number, minds[number])
        };
        for (registration, user) in &held {
            let (number, mind) = mind(*user);
            if matches!(mind, Mind::Pays) {
                scene.pay(number, (*registration).into()).await;
            }
        }
        let_time_pass(owner, event).await;
        // Late payments meet the job that passes the seats on.
        let late = held
            .iter()
            .filter(|(_, user)| matches!(mind(*user).1, Mind::PaysLate));
        let late = late.map(|(registration, user)| scene.pay(mind(*user).0, (*registration).into()));
        tokio::join!(join_all(late), scene.settle());
        check(owner, event).await;
    }
    let (all, seated, paid, waiting): (i64, i64, i64, i64) = sqlx::query_as(
        "SELECT count(*), count(*) FILTER (WHERE status = 'REGISTERED'),
            count(*) FILTER (WHERE status = 'REGISTERED' AND paid_at IS NOT NULL),
            count(*) FILTER (WHERE status = 'WAITLISTED')
        FROM event_registrations WHERE event_id = $1",
    )
    .bind(event)
    .fetch_one(owner)
    .await
    .unwrap();
    assert_eq!(all, i64::try_from(MEMBERS).unwrap(), "nobody is lost or doubled");
    assert_eq!((seated, paid), (i64::from(SEATS), i64::from(SEATS)));
    assert!(waiting > 0, "more want to come than there are seats");
}

#[tokio::test]
async fn through_the_gateway_too_nobody_gets_a_seat_too_many() {
    let id = Person::organizer().await.open(json!({"maxCapacity": 10})).await;
    let signer = Signer::newest().await;
    let members = crowd(&mut crate::support::owner().await, 60).await;
    let people: Vec<_> = members
        .into_iter()
        .map(|member| Person::of(member, &signer))
        .collect();
    let replies = join_all(people.iter().map(|person| person.act(&id, "registration"))).await;
    let count = |status: &str| {
        replies
            .iter()
            .filter(|reply| reply.body["status"] == status)
            .count()
    };
    assert_eq!((count("REGISTERED"), count("WAITLISTED")), (10, 50));
    assert_eq!(
        seats(&id).await,
        (10, json!({"REGISTERED": 10, "WAITLISTED": 50}))
    );
    let giving = people
        .iter()
        .zip(&replies)
        .filter(|(_, reply)| reply.body["status"] == "REGISTERED");
    join_all(giving.map(|(person, _)| person.give_back(&id))).await;
    assert_eq!(
        seats(&id).await,
        (10, json!({"CANCELLED": 10, "OFFERED": 10, "WAITLISTED": 40}))
    );
}
