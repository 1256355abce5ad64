//! A crowd that wants seats: what its members do, as the functions do it, and what must hold all the while.

use std::time::Duration;

use portal_data::registrations::{self, Payment};
use portal_data::{DataError, Database};
use portal_domain::ids::{EventId, RegistrationId};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use portal_tests::stack::Stack;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::support::{nobody, terms};

pub(crate) const SEATS: i32 = 100;
/// How many ways in there are; each has connections of its own, as execution environments have.
pub(crate) const WAYS: usize = 12;
const PRICE: i64 = 700;

/// Members with sessions, in one statement.
pub(crate) async fn crowd(owner: &mut PgConnection, count: usize) -> Vec<Member> {
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

/// An event with a hundred seats that cost something.
pub(crate) async fn event(owner: &mut PgConnection, organizer: Uuid) -> Uuid {
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
pub(crate) async fn check(owner: &mut PgConnection, event: Uuid) {
    let (taken, counted, doubled): (i64, i32, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE r.status IN ('REGISTERED', 'ATTENDED') OR r.status = 'WAITLISTED' AND r.offer_expires_at IS NOT NULL),
            e.registered_count, count(r.id) - count(DISTINCT r.user_id)
        FROM events AS e LEFT JOIN event_registrations AS r ON r.event_id = e.id
        WHERE e.id = $1 GROUP BY e.id",
    )
    .bind(event)
    .fetch_one(&mut *owner)
    .await
    .unwrap();
    assert!(taken <= i64::from(SEATS), "{taken} seats of {SEATS}");
    assert_eq!((taken, doubled), (i64::from(counted), 0));
    // Whoever has an offer came before everybody who waits without one.
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

/// Seats were offered in the order of the line, each member who waited once got one offer at most, and nobody who still waits came before
/// somebody who was ever offered one. Told by the mails, whose ids hold the millisecond in which they were written.
pub(crate) async fn check_line(owner: &mut PgConnection, event: Uuid) {
    let (offers, doubled, out_of_order, overtaken): (i64, i64, i64, i64) = sqlx::query_as(
        "WITH offers AS (
            SELECT r.id, r.user_id, r.waitlisted_at, left(o.id::text, 13) AS written
            FROM outbox AS o
            JOIN event_registrations AS r ON r.user_id = o.user_id AND r.event_id = $1
            WHERE o.kind = 'EVENT_SEAT_OFFERED' AND o.payload ->> 'eventId' = $1::text)
        SELECT count(*), count(*) - count(DISTINCT user_id),
            (SELECT count(*) FROM offers AS one JOIN offers AS other
                ON (one.waitlisted_at, one.id) < (other.waitlisted_at, other.id) AND one.written > other.written),
            (SELECT count(*) FROM event_registrations AS waiting
                WHERE waiting.event_id = $1 AND waiting.status = 'WAITLISTED' AND waiting.offer_expires_at IS NULL
                    AND EXISTS (SELECT FROM offers AS offered
                        WHERE (offered.waitlisted_at, offered.id) > (waiting.waitlisted_at, waiting.id)))
        FROM offers",
    )
    .bind(event)
    .fetch_one(owner)
    .await
    .unwrap();
    assert!(offers > 0, "no seat was offered");
    assert_eq!(
        (doubled, out_of_order, overtaken),
        (0, 0, 0),
        "of {offers} offers"
    );
}

/// What one member does, drawn beforehand so that a failing run can be repeated.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mind {
    Pays,
    PaysLate,
    NeverPays,
    GivesBack,
}

/// The event, and the ways to it of members and of jobs.
pub(crate) struct Scene {
    pub(crate) event: EventId,
    pub(crate) api: Vec<Database>,
    pub(crate) jobs: Vec<Database>,
}

impl Scene {
    pub(crate) async fn member(&self, number: usize, member: Member, mind: Mind) {
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

    pub(crate) async fn accept(&self, api: &Database, member: Member) {
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

    pub(crate) async fn pay(&self, number: usize, registration: RegistrationId) {
        let (terms, now) = (terms(), OffsetDateTime::now_utc());
        let mut tx = self.jobs[number % WAYS].begin(&nobody()).await.unwrap();
        let amount = PRICE.try_into().unwrap();
        let payment = registrations::confirm_payment(&mut tx, registration, amount, &terms, now)
            .await
            .unwrap();
        assert_ne!(payment, Payment::OtherAmount);
        tx.commit().await.unwrap();
    }

    pub(crate) async fn settle(&self) {
        let mut tx = self.jobs[0].begin(&nobody()).await.unwrap();
        registrations::settle(&mut tx, self.event, &terms(), OffsetDateTime::now_utc())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

pub(crate) async fn ways(database: &TestDatabase, role: &str) -> Vec<Database> {
    let secrets = Stack::get().secrets().await;
    let mut ways = Vec::new();
    for _ in 0..WAYS {
        let mut config = database.config(role, false);
        // The last of the crowd waits for all before it.
        config.acquire_timeout = Duration::from_secs(120);
        ways.push(Database::new(config, &secrets));
    }
    ways
}

/// Runs every hold or offer out that was not paid or accepted.
pub(crate) async fn let_time_pass(owner: &mut PgConnection, event: Uuid) {
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
