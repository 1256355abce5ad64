//! Five hundred members ask for a hundred seats at once, while some give theirs back, some pay, some pay late and some not at all. Never
//! more than a hundred have a seat, nobody is lost or doubled, and the line keeps its order.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use portal_tests::tokens::Signer;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::crowd::{Mind, SEATS, Scene, WAYS, check, check_line, crowd, event, let_time_pass, ways};
use crate::people::{EventCalls as _, Person, new_organizer};
use crate::support::seats;

const MEMBERS: usize = 500;

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
            .for_each_concurrent(None, |(number, (member, mind))| {
                scene.member(number, *member, *mind)
            })
            .await;
        over.store(true, Ordering::Relaxed);
    };
    let (looks, ()) = tokio::join!(watching, acting);
    assert!(looks > 10, "{looks} looks");
    finish(&scene, &mut owner, &members, &minds).await;
}

/// Time passes until every seat is paid; then nobody is lost, and the line has kept its order.
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
    .fetch_one(&mut *owner)
    .await
    .unwrap();
    assert_eq!(all, i64::try_from(MEMBERS).unwrap(), "nobody is lost or doubled");
    assert_eq!((seated, paid), (i64::from(SEATS), i64::from(SEATS)));
    assert!(waiting > 0, "more want to come than there are seats");
    check_line(owner, event).await;
}

#[tokio::test]
async fn through_the_gateway_too_nobody_gets_a_seat_too_many() {
    let id = new_organizer().await.open(json!({"maxCapacity": 10})).await;
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
