use portal_jobs::Deadline;
use serde_json::{Value, json};

use crate::support::{House, over};

/// Rows past their time and rows that are not, by the name of what each is; `$1` is the member.
const ROWS: &str = "
    INSERT INTO single_use_tokens (token_hash, user_id, purpose, expires_at, used_at) VALUES
        ('link of yesterday', $1, 'RESET_PASSWORD', now() - interval '25 hours', NULL),
        ('used link of yesterday', $1, 'VERIFY_EMAIL', now() - interval '25 hours', now() - interval '26 hours'),
        ('challenge of yesterday', $1, 'MFA_CHALLENGE', now() - interval '2 days', NULL),
        ('kept: link', $1, 'RESET_PASSWORD', now() + interval '1 hour', NULL),
        ('kept: link that has just run out', $1, 'RESET_PASSWORD', now() - interval '1 hour', NULL),
        ('kept: calendar', $1, 'CALENDAR', NULL, NULL);
    INSERT INTO sessions (id, user_id, refresh_token_hash, device, expires_at, revoked_at) VALUES
        (gen_random_uuid(), $1, '1', 'expired', now() - interval '31 days', NULL),
        (gen_random_uuid(), $1, '2', 'revoked and expired', now() - interval '31 days', now() - interval '40 days'),
        (gen_random_uuid(), $1, '3', 'kept: live', now() + interval '1 day', NULL),
        (gen_random_uuid(), $1, '4', 'kept: expired yesterday', now() - interval '1 day', NULL),
        (gen_random_uuid(), $1, '5', 'kept: revoked today', now() + interval '1 day', now());
    INSERT INTO login_attempts (subject_kind, subject_hash, user_id, failures, last_failure_at, last_login_at) VALUES
        ('ACCOUNT', 'nobody', NULL, 7, now() - interval '9 days', NULL),
        ('ADDRESS', 'address', NULL, 3, now() - interval '9 days', now() - interval '9 days'),
        ('ACCOUNT', 'codes', $1, 7, now() - interval '9 days', NULL),
        ('DEVICE', 'old device', $1, 0, now() - interval '401 days', now() - interval '401 days'),
        ('ACCOUNT', 'kept: guessed this week', NULL, 7, now() - interval '7 days', NULL),
        ('ACCOUNT', 'kept: last sign-in', $1, 0, now() - interval '9 days', now() - interval '9 days'),
        ('ADDRESS', 'kept: address of today', NULL, 1, now(), NULL);
    INSERT INTO known_devices (user_id, device_hash, last_seen_at) VALUES
        ($1, 'unseen', now() - interval '366 days'),
        ($1, 'kept: seen last winter', now() - interval '300 days');
    INSERT INTO totp_steps (user_id, step, used_at) VALUES ($1, 7, now() - interval '2 days');
    INSERT INTO idempotency_keys (user_id, operation, key, request_hash, expires_at) VALUES
        ($1, 'create_project', 'expired', '1', now() - interval '1 minute'),
        ($1, 'create_project', 'kept: key', '1', now() + interval '1 hour');
    INSERT INTO outbox (id, kind, recipient, state, last_error, sent_at, created_at) VALUES
        (gen_random_uuid(), 'PASSWORD_CHANGED', 'sent', 'SENT', NULL, now(), now() - interval '401 days'),
        (gen_random_uuid(), 'PASSWORD_CHANGED', 'kept: sent this year', 'SENT', NULL, now(), now() - interval '300 days'),
        (gen_random_uuid(), 'PASSWORD_CHANGED', 'kept: failed', 'FAILED', 'refused', NULL, now() - interval '401 days');
    INSERT INTO job_runs (id, job, state, started_at, finished_at) VALUES
        (gen_random_uuid(), 'done long ago', 'COMPLETED', now() - interval '402 days', now() - interval '401 days'),
        (gen_random_uuid(), 'failed long ago', 'FAILED', now() - interval '402 days', now() - interval '401 days'),
        (gen_random_uuid(), 'kept: ended last winter', 'COMPLETED', now() - interval '302 days', now() - interval '300 days'),
        (gen_random_uuid(), 'kept: not ended', 'RUNNING', now() - interval '402 days', NULL);
    INSERT INTO health_alerts (id, check_name, subject, value, threshold, started_at, seen_at, ended_at, start_told_at, end_told_at) VALUES
        (gen_random_uuid(), 'late-jobs', 'over', 1, 0, now() - interval '402 days', now() - interval '402 days',
            now() - interval '401 days', now() - interval '402 days', now() - interval '401 days'),
        (gen_random_uuid(), 'late-jobs', 'kept: nobody knows that it is over', 1, 0, now() - interval '402 days',
            now() - interval '402 days', now() - interval '401 days', now() - interval '402 days', NULL);
    INSERT INTO stripe_events (id, type, received_at) VALUES
        ('long ago', 'charge.updated', now() - interval '401 days'),
        ('kept: last winter', 'charge.updated', now() - interval '300 days')";

/// What is left that does not say that it is to be kept, and how much is kept.
const LEFT: &str = "
    SELECT jsonb_build_object(
        'kept', count(*) FILTER (WHERE name LIKE 'kept%'),
        'left', COALESCE(jsonb_agg(name) FILTER (WHERE name NOT LIKE 'kept%'), '[]'))
    FROM (
        SELECT convert_from(token_hash, 'UTF8') FROM single_use_tokens
        UNION ALL SELECT device FROM sessions WHERE device IS NOT NULL
        UNION ALL SELECT convert_from(subject_hash, 'UTF8') FROM login_attempts
        UNION ALL SELECT convert_from(device_hash, 'UTF8') FROM known_devices
        UNION ALL SELECT 'step' FROM totp_steps
        UNION ALL SELECT key FROM idempotency_keys
        UNION ALL SELECT recipient FROM outbox
        UNION ALL SELECT job FROM job_runs WHERE job <> 'purge'
        UNION ALL SELECT subject FROM health_alerts
        UNION ALL SELECT id FROM stripe_events) AS row (name)";

async fn left(house: &mut House) -> Value {
    sqlx::query_scalar(LEFT)
        .fetch_one(&mut house.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_is_past_its_time_goes_and_the_rest_stays() {
    let mut house = House::create().await;
    house.run(ROWS).await;
    let all = json!({
        "deleted": {
            "single_use_tokens": 3, "sessions": 2, "login_attempts": 4, "known_devices": 1, "totp_steps": 1, "idempotency_keys": 1,
            "outbox": 1, "job_runs": 2, "health_alerts": 1, "stripe_events": 1,
        },
        "complete": true,
    });
    assert_eq!(house.purge(Deadline::never()).await, all);
    let kept = json!({ "kept": 17, "left": [] });
    assert_eq!(left(&mut house).await, kept);
    let recorded: Value =
        sqlx::query_scalar("SELECT details FROM job_runs WHERE job = 'purge' AND state = 'COMPLETED'")
            .fetch_one(&mut house.owner)
            .await
            .unwrap();
    assert_eq!(recorded, all, "the run says so");

    let again = house.purge(Deadline::never()).await;
    assert_eq!(
        again["deleted"]
            .as_object()
            .unwrap()
            .values()
            .filter(|n| **n != json!(0))
            .count(),
        0
    );
    assert_eq!(left(&mut house).await, kept);
}

/// More than some batches of old links.
async fn many(house: &mut House, links: u32) {
    house
        .run(&format!(
            "INSERT INTO single_use_tokens (token_hash, user_id, purpose, expires_at)
            SELECT sha256(n::text::bytea), $1, 'RESET_PASSWORD', now() - interval '2 days' FROM generate_series(1, {links}) AS n"
        ))
        .await;
}

#[tokio::test]
async fn a_run_that_is_cut_short_is_taken_up_by_the_next() {
    let mut house = House::create().await;
    many(&mut house, 20_500).await;
    let none = house.purge(over()).await;
    assert_eq!(
        none["complete"], false,
        "no batch is begun after the deadline: {none}"
    );
    assert_eq!(house.count("single_use_tokens").await, 20_500);

    // Killed as soon as something has been committed.
    let mut watch = house.database.connect("owner").await;
    let seen = async {
        loop {
            let left: i64 = sqlx::query_scalar("SELECT count(*) FROM single_use_tokens")
                .fetch_one(&mut watch)
                .await
                .unwrap();
            if left < 20_500 {
                return left;
            }
        }
    };
    let left = tokio::select! {
        biased;
        left = seen => left,
        report = house.purge(Deadline::never()) => panic!("it was done before anybody looked: {report}"),
    };
    assert!(left > 0, "it was cut short");
    let rest = house.purge(Deadline::never()).await;
    assert_eq!(rest["complete"], true);
    let rest = rest["deleted"]["single_use_tokens"].as_i64().unwrap();
    assert!(
        0 < rest && rest <= left,
        "what was committed is not done again: {rest} of {left}"
    );
    assert_eq!(house.count("single_use_tokens").await, 0);
}

#[tokio::test]
async fn two_runs_at_once_share_the_work() {
    let mut house = House::create().await;
    many(&mut house, 5_000).await;
    let (one, other) = tokio::join!(house.purge(Deadline::never()), house.purge(Deadline::never()));
    let of = |report: &Value| report["deleted"]["single_use_tokens"].as_u64().unwrap();
    // The last rows may be the other run's when one looks: whoever comes next takes what a run has left.
    let rest = house.purge(Deadline::never()).await;
    assert_eq!(of(&one) + of(&other) + of(&rest), 5_000, "{one} {other} {rest}");
    assert_eq!(house.count("single_use_tokens").await, 0);
}

#[tokio::test]
async fn a_row_that_a_request_works_on_is_left_to_it() {
    let mut house = House::create().await;
    house.run(ROWS).await;
    let mut busy = house.database.connect("owner").await;
    let mut tx = sqlx::Connection::begin(&mut busy).await.unwrap();
    // An attempt on a subject whose count was forgotten long ago.
    sqlx::query(
        "UPDATE login_attempts SET failures = 1, last_failure_at = now() WHERE subject_hash = 'nobody'",
    )
    .execute(&mut *tx)
    .await
    .unwrap();
    let report = house.purge(Deadline::never()).await;
    assert_eq!(report["deleted"]["login_attempts"], 3, "{report}");
    tx.commit().await.unwrap();
    let report = house.purge(Deadline::never()).await;
    assert_eq!(
        report["deleted"]["login_attempts"], 0,
        "it is of today now: {report}"
    );
}
