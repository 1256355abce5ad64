//! What the database itself refuses, whatever writes.

use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use sqlx::PgConnection;
use uuid::Uuid;

struct Rows {
    member: Uuid,
    tier: Uuid,
    donation: Uuid,
    paid: Uuid,
    membership: Uuid,
    refund: Uuid,
}

async fn rows(owner: &mut PgConnection) -> Rows {
    let member = Member::add(owner, "payer", &[]).await.id;
    let ids: Vec<Uuid> = (0..5).map(|_| Uuid::now_v7()).collect();
    let [tier, donation, paid, membership, refund] = ids[..] else {
        unreachable!()
    };
    let statements = format!(
        "INSERT INTO membership_tiers (id, name, price_cents, duration_months, seats) VALUES ('{tier}', 'Firm', 500, 12, 2);
        INSERT INTO payments (id, user_id, type, amount_cents) VALUES ('{donation}', '{member}', 'DONATION', 500);
        INSERT INTO payments (id, user_id, type, amount_cents, status, completed_at, granted_at, delivery, receipt_number)
        VALUES ('{paid}', '{member}', 'DONATION', 500, 'COMPLETED', now(), now(), 'GIVEN', 'R2030-0000001');
        INSERT INTO memberships (id, user_id, tier_id, starts_at, ends_at)
        VALUES ('{membership}', '{member}', '{tier}', now() - interval '1 day', now() + interval '1 year');
        INSERT INTO refunds (id, payment_id, amount_cents, cause, reason) VALUES ('{refund}', '{paid}', 200, 'NOT_GIVEN', 'No seat')"
    );
    sqlx::raw_sql(&statements).execute(owner).await.unwrap();
    Rows {
        member,
        tier,
        donation,
        paid,
        membership,
        refund,
    }
}

/// The constraint or the state that a statement about a row runs into.
async fn refused(owner: &mut PgConnection, sql: &str, id: Uuid) -> String {
    let error = sqlx::query(sql).bind(id).execute(owner).await.expect_err(sql);
    let error = error.into_database_error().unwrap();
    let constraint = error.constraint().map(str::to_owned);
    constraint.unwrap_or_else(|| error.code().unwrap().into_owned())
}

async fn all_refused(owner: &mut PgConnection, table: &str, id: Uuid, cases: &[(&str, &str)]) {
    for (change, constraint) in cases {
        let sql = format!("UPDATE {table} SET {change} WHERE id = $1");
        assert_eq!(refused(owner, &sql, id).await, *constraint, "{change}");
    }
}

#[tokio::test]
async fn payments_that_cannot_be_are_refused() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let rows = rows(&mut owner).await;
    let membership = format!("type = 'MEMBERSHIP', tier_id = '{}'", rows.tier);
    let cases = [
        ("status = 'COMPLETED'", "payments_taken_when_completed"),
        ("completed_at = now()", "payments_taken_when_completed"),
        ("receipt_number = 'R1'", "payments_receipt_when_taken"),
        (
            "delivery = 'REFUSED', refusal = 'No seat'",
            "payments_delivered_when_taken",
        ),
        ("refunded_amount_cents = 500", "payments_refunded_whole"),
        ("type = 'TRAINING'", "payments_target"),
        ("type = 'MEMBERSHIP'", "payments_target"),
        (
            &format!("{membership}, purchase_kind = 'JOIN'"),
            "payments_purchase",
        ),
        (
            &format!("{membership}, purchase_kind = 'UPGRADE', months = 12"),
            "payments_purchase",
        ),
        (&format!("{membership}, credit_cents = 5"), "payments_purchase"),
        (&format!("{membership}, message = 'Hello'"), "payments_gift"),
        (
            &format!("{membership}, purchase_kind = 'BARTER', months = 1"),
            "payments_purchase_kind_check",
        ),
        ("refusal = ''", "payments_refusal_check"),
        ("months = 0", "payments_months_check"),
        ("credited_name = ''", "payments_credited_name_check"),
        (
            "returned_amount_cents = -1",
            "payments_returned_amount_cents_check",
        ),
        ("fee_cents = -1", "payments_fee_cents_check"),
    ];
    all_refused(&mut owner, "payments", rows.donation, &cases).await;
    let cases = [
        ("delivery = 'REFUSED'", "payments_refused_with_reason"),
        ("delivery = 'LOST'", "payments_delivery_check"),
        ("granted_at = NULL", "payments_given_when_granted"),
        ("status = 'REFUNDED'", "payments_refunded_whole"),
    ];
    all_refused(&mut owner, "payments", rows.paid, &cases).await;
    let open = format!(
        "INSERT INTO payments (id, user_id, type, amount_cents, tier_id, purchase_kind, months)
        VALUES ($1, '{}', 'MEMBERSHIP', 500, '{}', 'JOIN', 12)",
        rows.member, rows.tier
    );
    sqlx::query(&open)
        .bind(Uuid::now_v7())
        .execute(&mut owner)
        .await
        .unwrap();
    assert_eq!(
        refused(&mut owner, &open, Uuid::now_v7()).await,
        "payments_open_membership"
    );
}

#[tokio::test]
async fn refunds_movements_and_findings_that_cannot_be_are_refused() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let rows = rows(&mut owner).await;
    let cases = [
        ("cause = 'STAFF'", "refunds_asked_by_staff"),
        ("status = 'SUCCEEDED', completed_at = now()", "refunds_at_stripe"),
        (
            "status = 'REFUSED', completed_at = now()",
            "refunds_refused_with_reason",
        ),
        ("completed_at = now()", "refunds_completed_at"),
        ("amount_cents = 0", "refunds_amount_cents_check"),
        ("cause = 'GIFT'", "refunds_cause_check"),
        ("reason = ''", "refunds_reason_check"),
    ];
    all_refused(&mut owner, "refunds", rows.refund, &cases).await;
    let second = "INSERT INTO refunds (id, payment_id, amount_cents, cause, reason) VALUES (gen_random_uuid(), $1, 100, 'NOT_GIVEN', 'x')";
    assert_eq!(
        refused(&mut owner, second, rows.paid).await,
        "refunds_not_given_once"
    );
    // A seat goes back once, whether its member or its event goes first.
    let of_seat = |cause: &str| {
        format!(
            "INSERT INTO refunds (id, payment_id, amount_cents, cause, reason) VALUES (gen_random_uuid(), $1, 1, '{cause}', 'x')"
        )
    };
    sqlx::query(&of_seat("GIVEN_BACK"))
        .bind(rows.paid)
        .execute(&mut owner)
        .await
        .unwrap();
    for cause in ["GIVEN_BACK", "CALLED_OFF"] {
        assert_eq!(
            refused(&mut owner, &of_seat(cause), rows.paid).await,
            "refunds_of_seat_once",
            "{cause}"
        );
    }
    sqlx::query("DELETE FROM refunds WHERE cause = 'GIVEN_BACK'")
        .execute(&mut owner)
        .await
        .unwrap();
    let asked = |payment: &str, cents: i64| {
        format!(
            "INSERT INTO refunds (id, payment_id, amount_cents, cause, reason, requested_by)
            VALUES (gen_random_uuid(), {payment}, {cents}, 'STAFF', 'x', $1)"
        )
    };
    for (payment, cents) in [(rows.paid, 301), (rows.donation, 1)] {
        let sql = asked(&format!("'{payment}'"), cents);
        assert_eq!(
            refused(&mut owner, &sql, rows.member).await,
            "PB409",
            "more than is left"
        );
    }
    let posted = "INSERT INTO ledger_transactions (id, payment_id, kind, occasion) VALUES (gen_random_uuid(), $1, 'CHARGE', 'CHARGE/500')";
    sqlx::query(posted)
        .bind(rows.paid)
        .execute(&mut owner)
        .await
        .unwrap();
    assert_eq!(
        refused(&mut owner, posted, rows.paid).await,
        "ledger_transactions_occasion_key"
    );
    let nameless =
        "INSERT INTO ledger_transactions (id, payment_id, kind) VALUES (gen_random_uuid(), $1, 'CHARGE')";
    assert_eq!(
        refused(&mut owner, nameless, rows.paid).await,
        "ledger_transactions_occasion"
    );
    let found =
        "INSERT INTO payment_findings (id, kind, subject, detail) VALUES ($1, 'UNKNOWN_INTENT', 'pi_1', '')";
    sqlx::query(found)
        .bind(Uuid::now_v7())
        .execute(&mut owner)
        .await
        .unwrap();
    assert_eq!(
        refused(&mut owner, found, Uuid::now_v7()).await,
        "payment_findings_open_key"
    );
    let outcome = "INSERT INTO stripe_events (id, type, outcome) VALUES ($1::text, 'x', 'LOST')";
    assert_eq!(
        refused(&mut owner, outcome, Uuid::now_v7()).await,
        "stripe_events_outcome"
    );
}

#[tokio::test]
async fn memberships_and_people_that_cannot_be_are_refused() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let rows = rows(&mut owner).await;
    let cases = [
        (
            "grace_ends_at = ends_at - interval '1 second'",
            "memberships_grace_order",
        ),
        ("replaced_by = gen_random_uuid()", "memberships_replaced"),
        (
            "state = 'REPLACED', replaced_by = id",
            "memberships_not_by_itself",
        ),
        ("value_cents = -1", "memberships_value_cents_check"),
        ("months = 0", "memberships_months_check"),
        ("anchor_day = 32", "memberships_anchor_day_check"),
        ("reminded_days = 0", "memberships_reminded_days_check"),
    ];
    all_refused(&mut owner, "memberships", rows.membership, &cases).await;
    let overlapping = format!(
        "INSERT INTO memberships (id, user_id, tier_id, starts_at, ends_at) VALUES ($1, '{}', '{}', now(), now() + interval '1 day')",
        rows.member, rows.tier
    );
    assert_eq!(
        refused(&mut owner, &overlapping, Uuid::now_v7()).await,
        "memberships_no_overlap"
    );
    let (ana, bo) = (
        Member::add(&mut owner, "ana", &[]).await.id,
        Member::add(&mut owner, "bo", &[]).await.id,
    );
    let cover = format!(
        "INSERT INTO membership_people (membership_id, user_id) VALUES ('{}', $1)",
        rows.membership
    );
    assert_eq!(
        refused(&mut owner, &cover, rows.member).await,
        "PB409",
        "the holder"
    );
    sqlx::query(&cover).bind(ana).execute(&mut owner).await.unwrap();
    assert_eq!(refused(&mut owner, &cover, bo).await, "PB409", "no seat is left");
    let invite = format!(
        "INSERT INTO membership_invitations (id, membership_id, email) VALUES ($1, '{}', 'x@example.org')",
        rows.membership
    );
    assert_eq!(refused(&mut owner, &invite, Uuid::now_v7()).await, "PB409");
    let expiry: (bool, bool) = sqlx::query_as(
        "SELECT bool_and(u.membership_expires_at = m.ends_at), count(*) = 2 FROM users AS u, memberships AS m
        WHERE m.id = $1 AND u.membership_expires_at IS NOT NULL",
    )
    .bind(rows.membership)
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(
        expiry,
        (true, true),
        "the trigger keeps the end of the holder's and of the people's"
    );
}
