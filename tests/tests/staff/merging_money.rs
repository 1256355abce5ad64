//! Money stays right to the cent, and no paid day is lost.

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::people::{Person, StaffCalls, entry, new_administrator};
use crate::support::{one, owner, run};

async fn tier() -> Uuid {
    let tier = Uuid::now_v7();
    run(&format!("INSERT INTO membership_tiers (id, name, price_cents, duration_months, seats) VALUES ('{tier}', '{tier}', 12000, 12, 10)")).await;
    tier
}

/// Every account of the ledger with what it has of the payments of some people, and what the payments say themselves.
async fn books(people: &[Uuid]) -> (Vec<(String, i64)>, i64, i64) {
    let mut owner = owner().await;
    let accounts = sqlx::query_as(
        "SELECT e.account, sum(e.amount_cents)::bigint FROM ledger_entries AS e
        JOIN ledger_transactions AS t ON t.id = e.transaction_id JOIN payments AS p ON p.id = t.payment_id
        WHERE p.user_id = ANY ($1) GROUP BY 1 ORDER BY 1",
    )
    .bind(people)
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let (paid, back): (i64, i64) = sqlx::query_as(
        "SELECT COALESCE(sum(amount_cents) FILTER (WHERE completed_at IS NOT NULL), 0)::bigint, COALESCE(sum(refunded_amount_cents), 0)::bigint
        FROM payments WHERE user_id = ANY ($1)",
    )
    .bind(people)
    .fetch_one(&mut owner)
    .await
    .unwrap();
    (accounts, paid, back)
}

/// A payment of so many cents with its charge, fee and refund in the ledger.
async fn paid(who: Uuid, cents: i64, back: i64) {
    let (payment, charge, refund) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    run(&format!(
        "INSERT INTO payments (id, user_id, type, status, amount_cents, refunded_amount_cents, completed_at, granted_at, delivery)
        VALUES ('{payment}', '{who}', 'DONATION', CASE WHEN {cents} = {back} THEN 'REFUNDED' ELSE 'COMPLETED' END, {cents}, {back}, now(), now(), 'GIVEN');
        BEGIN;
        INSERT INTO ledger_transactions (id, payment_id, kind, occasion) VALUES ('{charge}', '{payment}', 'CHARGE', 'CHARGE/{cents}');
        INSERT INTO ledger_entries (transaction_id, line, account, amount_cents) VALUES
            ('{charge}', 1, 'STRIPE_BALANCE', {cents}), ('{charge}', 2, 'REVENUE_DONATIONS', -{cents});
        COMMIT"
    ))
    .await;
    if back > 0 {
        run(&format!(
            "BEGIN;
            INSERT INTO ledger_transactions (id, payment_id, kind, occasion) VALUES ('{refund}', '{payment}', 'REFUND', 'REFUND/{back}');
            INSERT INTO ledger_entries (transaction_id, line, account, amount_cents) VALUES
                ('{refund}', 1, 'REFUNDS', {back}), ('{refund}', 2, 'STRIPE_BALANCE', -{back});
            COMMIT"
        ))
        .await;
    }
}

#[tokio::test]
async fn payments_and_the_ledger_are_the_same_to_the_cent() {
    let mut random = StdRng::seed_from_u64(rand::random());
    let staff = new_administrator().await;
    let (keep, merge) = (Person::member().await, Person::member().await);
    for _ in 0..12 {
        let cents = random.random_range(1..1_000_000);
        let back = if random.random_bool(0.5) {
            random.random_range(0..=cents)
        } else {
            0
        };
        paid(
            if random.random_bool(0.5) {
                keep.id()
            } else {
                merge.id()
            },
            cents,
            back,
        )
        .await;
    }
    let before = books(&[keep.id(), merge.id()]).await;
    staff.merged(keep.id(), merge.id()).await;
    assert_eq!(books(&[keep.id()]).await, before);
    assert_eq!(books(&[merge.id()]).await, (Vec::new(), 0, 0));
    let unbalanced: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT transaction_id FROM ledger_entries GROUP BY 1, currency HAVING sum(amount_cents) <> 0) AS wrong",
    )
    .fetch_one(&mut owner().await)
    .await
    .unwrap();
    assert_eq!(unbalanced, 0);
}

/// Periods in days from today.
async fn periods(who: Uuid, tier: Uuid, days: &[(i64, i64)]) {
    for (from, until) in days {
        run(&format!(
            "INSERT INTO memberships (id, user_id, tier_id, starts_at, ends_at, grace_ends_at, value_cents)
            VALUES (gen_random_uuid(), '{who}', '{tier}', now() + {from} * interval '1 day', now() + {until} * interval '1 day',
                now() + ({until} + 30) * interval '1 day', 12000)"
        ))
        .await;
    }
}

async fn schedule(who: Uuid) -> Vec<(OffsetDateTime, OffsetDateTime, i64)> {
    sqlx::query_as(
        "SELECT starts_at, ends_at, value_cents FROM memberships WHERE user_id = $1 AND state IN ('ACTIVE', 'GRACE') ORDER BY starts_at",
    )
    .bind(who)
    .fetch_all(&mut owner().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn memberships_follow_one_another_and_no_paid_day_is_lost() {
    let seed = rand::random();
    let mut random = StdRng::seed_from_u64(seed);
    let (staff, tier) = (new_administrator().await, tier().await);
    for _ in 0..12 {
        let (keep, merge) = (Person::member().await, Person::member().await);
        let mut still = 0;
        for person in [&keep, &merge] {
            // Up to three periods, one after the other, of which the first may have begun or ended.
            let mut from = random.random_range(-400..100);
            let mut days = Vec::new();
            for _ in 0..random.random_range(0..=3) {
                let until = from + random.random_range(20..400);
                days.push((from, until));
                still += (until - from.max(0)).max(0);
                from = until + random.random_range(0..30);
            }
            periods(person.id(), tier, &days).await;
        }
        staff.merged(keep.id(), merge.id()).await;
        let schedule = schedule(keep.id()).await;
        let now = OffsetDateTime::now_utc();
        let apart = schedule.windows(2).all(|pair| pair[0].1 <= pair[1].0);
        assert!(apart, "seed {seed}: {schedule:?}");
        let left: Duration = schedule
            .iter()
            .map(|(from, until, _)| (*until - (*from).max(now)).max(Duration::ZERO))
            .sum();
        let lost = Duration::days(still) - left;
        assert!(
            lost.abs() < Duration::hours(1),
            "seed {seed}: {lost} of {still} days: {schedule:?}"
        );
        assert!(
            schedule.iter().all(|(.., value)| (0..=12_000).contains(value)),
            "seed {seed}: {schedule:?}"
        );
        let expiry: Option<OffsetDateTime> = one(
            "SELECT membership_expires_at FROM users WHERE id = $1",
            &keep.id().to_string(),
        )
        .await;
        let last = schedule.iter().map(|(_, until, _)| *until).max();
        if let Some(last) = last {
            assert_eq!(expiry, Some(last), "seed {seed}");
        }
        assert!(self::schedule(merge.id()).await.is_empty());
    }
}

#[tokio::test]
async fn people_of_a_company_stay_covered_once_each() {
    let (staff, tier) = (new_administrator().await, tier().await);
    let (keep, merge, both, one_of) = (
        Person::member().await,
        Person::member().await,
        Person::member().await,
        Person::member().await,
    );
    for person in [&keep, &merge] {
        periods(person.id(), tier, &[(-10, 100)]).await;
    }
    let people = |holder: &Person, person: &Person| {
        format!(
            "INSERT INTO membership_people (membership_id, user_id) SELECT id, '{}' FROM memberships WHERE user_id = '{}'",
            person.id(),
            holder.id()
        )
    };
    for statement in [
        people(&keep, &both),
        people(&merge, &both),
        people(&merge, &one_of),
        people(&merge, &keep),
    ] {
        run(&statement).await;
    }
    let report = staff.merged(keep.id(), merge.id()).await;
    assert_eq!(
        entry(&report, "memberships")["clashes"][0]["rule"],
        "ONE_AFTER_THE_OTHER"
    );
    let covered: Vec<Uuid> = sqlx::query_scalar(
        "SELECT p.user_id FROM membership_people AS p JOIN memberships AS m ON m.id = p.membership_id WHERE m.user_id = $1 ORDER BY 1",
    )
    .bind(keep.id())
    .fetch_all(&mut owner().await)
    .await
    .unwrap();
    let mut expected = vec![both.id(), one_of.id()];
    expected.sort();
    assert_eq!(covered, expected, "the holder is covered without");
    let end: OffsetDateTime = one(
        "SELECT max(ends_at) FROM memberships WHERE user_id = $1",
        &keep.id().to_string(),
    )
    .await;
    for person in [&keep, &both, &one_of] {
        let until: OffsetDateTime = one(
            "SELECT membership_expires_at FROM users WHERE id = $1",
            &person.id().to_string(),
        )
        .await;
        assert_eq!(until, end);
    }
}
