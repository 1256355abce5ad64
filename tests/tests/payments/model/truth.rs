//! What must hold in the end, counted from the rows alone and from what Stripe has.

use std::collections::BTreeMap;

use portal_tests::fake_stripe::FakeStripe;

use super::ground::Ground;

/// What Stripe has taken of each payment, and given back.
fn at_stripe(fake: &FakeStripe) -> BTreeMap<String, (i64, i64)> {
    let refunds = fake.refunds();
    let mut sums = BTreeMap::new();
    for intent in fake
        .intents()
        .iter()
        .filter(|intent| intent.status == "succeeded")
    {
        let back: i64 = refunds
            .iter()
            .filter(|one| one.intent == intent.id)
            .map(|one| one.amount)
            .sum();
        let sum = sums.entry(intent.metadata["payment"].clone()).or_insert((0, 0));
        sum.0 += intent.amount;
        sum.1 += back;
    }
    sums
}

/// Everything.
pub(crate) async fn check(ground: &mut Ground) {
    let taken = at_stripe(&ground.fake);
    let intents = ground.fake.intents();
    let open: Vec<_> = intents
        .iter()
        .filter(|one| !["succeeded", "canceled"].contains(&one.status))
        .collect();
    assert!(
        open.is_empty(),
        "everything that can be paid was called off: {open:?}"
    );
    books(ground, &taken).await;
    ledger(ground).await;
    given(ground).await;
    memberships(ground).await;
    records(ground).await;
}

async fn books(ground: &mut Ground, taken: &BTreeMap<String, (i64, i64)>) {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT id::text, amount_cents, refunded_amount_cents FROM payments WHERE completed_at IS NOT NULL",
    )
    .fetch_all(&mut ground.owner)
    .await
    .unwrap();
    let books: BTreeMap<_, _> = rows
        .into_iter()
        .map(|(id, amount, back)| (id, (amount, back)))
        .collect();
    assert_eq!(
        &books, taken,
        "the books say what Stripe has taken and given back"
    );
    let others: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM payments WHERE status NOT IN ('COMPLETED', 'REFUNDED', 'CANCELLED')
            OR delivery = 'REFUSED' AND status <> 'REFUNDED' OR delivery = 'DUE' AND completed_at IS NOT NULL",
    )
    .fetch_one(&mut ground.owner)
    .await
    .unwrap();
    assert_eq!(others, 0, "nothing is left open, owed, or kept for nothing");
}

async fn ledger(ground: &mut Ground) {
    let differing: Vec<(String, i64, i64, i64, i64)> = sqlx::query_as(
        "SELECT p.id::text, CASE WHEN p.completed_at IS NULL THEN 0 ELSE p.amount_cents END, p.refunded_amount_cents,
            COALESCE(-l.earned, 0)::bigint, COALESCE(l.back, 0)::bigint
        FROM payments AS p
        LEFT JOIN (
            SELECT t.payment_id, sum(e.amount_cents) FILTER (WHERE e.account LIKE 'REVENUE%') AS earned,
                sum(e.amount_cents) FILTER (WHERE e.account = 'REFUNDS') AS back
            FROM ledger_transactions AS t JOIN ledger_entries AS e ON e.transaction_id = t.id
            GROUP BY t.payment_id) AS l ON l.payment_id = p.id",
    )
    .fetch_all(&mut ground.owner)
    .await
    .unwrap();
    for (id, taken, back, earned, given_back) in differing {
        assert_eq!((earned, given_back), (taken, back), "the ledger of {id}");
    }
    let balance: (i64, i64) = sqlx::query_as(
        "SELECT COALESCE(sum(amount_cents), 0)::bigint,
            COALESCE(sum(amount_cents) FILTER (WHERE account IN ('STRIPE_BALANCE', 'FEES')), 0)::bigint
                - (SELECT COALESCE(sum(amount_cents - refunded_amount_cents), 0)::bigint FROM payments WHERE completed_at IS NOT NULL)
        FROM ledger_entries",
    )
    .fetch_one(&mut ground.owner)
    .await
    .unwrap();
    assert_eq!(
        balance,
        (0, 0),
        "all balances, and what is at Stripe is what was taken and not given back"
    );
}

/// Seats and courses: each that is paid has one payment that stands for it, and the other way round.
async fn given(ground: &mut Ground) {
    let wrong: Vec<(String, i64)> = sqlx::query_as(
        "SELECT 'seat ' || r.id, (SELECT count(*) FROM payments AS p WHERE p.registration_id = r.id AND p.delivery = 'GIVEN')
        FROM event_registrations AS r
        WHERE (r.paid_at IS NOT NULL AND r.status = 'REGISTERED')::integer
            <> (SELECT count(*) FROM payments AS p WHERE p.registration_id = r.id AND p.delivery = 'GIVEN')
        UNION ALL
        SELECT 'course ' || e.id, (SELECT count(*) FROM payments AS p WHERE p.enrollment_id = e.id AND p.delivery = 'GIVEN')
        FROM course_enrollments AS e
        WHERE (e.paid_at IS NOT NULL AND e.status <> 'DROPPED')::integer
            <> (SELECT count(*) FROM payments AS p WHERE p.enrollment_id = e.id AND p.delivery = 'GIVEN')",
    )
    .fetch_all(&mut ground.owner)
    .await
    .unwrap();
    assert_eq!(wrong, [], "what is paid is given, once");
    let seats: (bool, bool) = sqlx::query_as(
        "SELECT registered_count <= max_capacity,
            registered_count = (SELECT count(*) FROM event_registrations AS r WHERE r.event_id = e.id AND app.holds_seat(r.status, r.offer_expires_at))
        FROM events AS e",
    )
    .fetch_one(&mut ground.owner)
    .await
    .unwrap();
    assert_eq!(seats, (true, true));
}

/// Memberships: each that stands has its payment, and each payment that stands its membership and its months.
async fn memberships(ground: &mut Ground) {
    let wrong: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT p.id::text, p.delivery, count(m.id)
        FROM payments AS p
        LEFT JOIN memberships AS m ON m.payment_id = p.id AND m.state <> 'CANCELLED' AND m.months = p.months
        WHERE p.type = 'MEMBERSHIP'
        GROUP BY p.id
        HAVING count(m.id) > 1 OR p.delivery = 'GIVEN' AND count(m.id) <> 1 OR p.delivery IN ('DUE', 'REFUSED') AND count(m.id) <> 0",
    )
    .fetch_all(&mut ground.owner)
    .await
    .unwrap();
    assert_eq!(wrong, [], "each payment brings its months, once");
    let adrift: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM users AS u
        WHERE u.membership_expires_at > now() + interval '1 second'
            AND u.membership_expires_at IS DISTINCT FROM (
                SELECT max(m.ends_at) FROM memberships AS m WHERE m.user_id = u.id AND m.state IN ('ACTIVE', 'GRACE'))",
    )
    .fetch_one(&mut ground.owner)
    .await
    .unwrap();
    assert_eq!(adrift, 0, "members are in force for as long as was paid");
    let shortened: Vec<(String, i32, f64)> = sqlx::query_as(
        "SELECT m.id::text, m.months, extract(epoch FROM m.ends_at - m.starts_at)::float8 / 86400
        FROM memberships AS m
        WHERE m.state <> 'CANCELLED' AND extract(epoch FROM m.ends_at - m.starts_at) / 86400 NOT BETWEEN 364.9 AND 366.1",
    )
    .fetch_all(&mut ground.owner)
    .await
    .unwrap();
    assert_eq!(shortened, [], "a year is a year, however it was moved");
}

/// Receipts without gaps, one mail each, refunds that are all made.
async fn records(ground: &mut Ground) {
    let receipts: (i64, i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE completed_at IS NOT NULL), count(DISTINCT receipt_number),
            COALESCE(max(substring(receipt_number FROM 7)::bigint), 0)
        FROM payments",
    )
    .fetch_one(&mut ground.owner)
    .await
    .unwrap();
    assert_eq!(
        (receipts.0, receipts.0),
        (receipts.1, receipts.2),
        "a receipt for each, without gaps"
    );
    let loose: i64 =
        sqlx::query_scalar("SELECT count(*) FROM refunds WHERE status NOT IN ('SUCCEEDED', 'REFUSED')")
            .fetch_one(&mut ground.owner)
            .await
            .unwrap();
    assert_eq!(loose, 0, "every refund was made, or given up for a reason");
    let findings: Vec<(String, String)> =
        sqlx::query_as("SELECT kind, detail FROM payment_findings WHERE kind <> 'REFUND_REFUSED'")
            .fetch_all(&mut ground.owner)
            .await
            .unwrap();
    assert_eq!(
        findings,
        [],
        "a refund that was overtaken by another is all that people may have to look at"
    );
    let mails: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM outbox WHERE kind IN ('PAYMENT_RECEIPT', 'PAYMENT_NOT_GIVEN')",
    )
    .fetch_one(&mut ground.owner)
    .await
    .unwrap();
    assert_eq!(mails, receipts.0, "one mail for each");
}
