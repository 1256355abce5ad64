//! In what order mails go out.

use std::time::Duration;

use portal_data::outbox::{self, ClaimedMail};
use portal_data::{Database, RequestContext};
use portal_domain::Caller;
use portal_domain::mail::MailKind;
use serde_json::Value;
use uuid::Uuid;

use crate::support::{World, reset};

/// Claims so many, as a run does.
async fn claim(jobs: &Database, limit: u32) -> Vec<ClaimedMail> {
    let context = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
    let mut tx = jobs.begin(&context).await.unwrap();
    let claimed = outbox::claim(&mut tx, limit, Duration::from_secs(60))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    claimed
}

fn count(claimed: &[ClaimedMail], kind: MailKind) -> usize {
    claimed.iter().filter(|mail| mail.kind == kind.as_str()).count()
}

async fn flood(world: &mut World, kind: MailKind, mails: u32) {
    world
        .execute(&format!(
            "INSERT INTO outbox (id, kind, recipient, not_before)
            SELECT gen_random_uuid(), '{kind}', 'flood' || n || '@example.org', now() - interval '1 hour'
            FROM generate_series(1, {mails}) AS n"
        ))
        .await;
}

#[tokio::test]
async fn a_new_password_goes_out_with_the_next_batch_whatever_waits() {
    let mut world = World::create().await;
    flood(&mut world, MailKind::EventRegistered, 5_000).await;
    world.add(&reset("ana@example.org", "token")).await;
    let jobs = world.database.open("portal_jobs", false).await;
    let batch = claim(&jobs, 14).await;
    assert_eq!(batch.len(), 14);
    assert_eq!(count(&batch, MailKind::ResetPassword), 1);
}

#[tokio::test]
async fn a_flood_of_mails_about_sign_ins_leaves_a_quarter_to_all_others() {
    let mut world = World::create().await;
    flood(&mut world, MailKind::ResetPassword, 100).await;
    flood(&mut world, MailKind::EventRegistered, 100).await;
    let jobs = world.database.open("portal_jobs", false).await;
    let batch = claim(&jobs, 16).await;
    assert_eq!(
        (
            count(&batch, MailKind::ResetPassword),
            count(&batch, MailKind::EventRegistered)
        ),
        (12, 4)
    );
    // Where nothing else waits, the rest of a batch stays empty, and the next one follows at once.
    world
        .execute("DELETE FROM outbox WHERE kind = 'EVENT_REGISTERED'")
        .await;
    assert_eq!(claim(&jobs, 16).await.len(), 12);
}

#[tokio::test]
async fn mails_about_the_sign_in_are_in_the_first_lane_and_those_to_many_in_the_last() {
    let mut world = World::create().await;
    for kind in MailKind::ALL {
        flood(&mut world, *kind, 1).await;
    }
    let lane = async |world: &mut World, lane: i32| {
        let kinds = world
            .scalar(&format!(
                "SELECT jsonb_agg(kind ORDER BY kind) FROM outbox WHERE lane = {lane}"
            ))
            .await;
        serde_json::from_value::<Vec<String>>(kinds).unwrap()
    };
    let first = [
        "ACCOUNT_LOCKED",
        "ALREADY_REGISTERED",
        "EMAIL_CHANGED",
        "EMAIL_CHANGE_CONFIRM",
        "MFA_DISABLED",
        "MFA_ENABLED",
        "NEW_SIGN_IN",
        "PASSWORD_CHANGED",
        "RECOVERY_CODES_RENEWED",
        "RECOVERY_CODE_USED",
        "RESET_PASSWORD",
        "SECOND_FACTOR_GUESSED",
        "VERIFY_EMAIL",
    ];
    let mut urgent = lane(&mut world, 0).await;
    urgent.sort();
    assert_eq!(urgent, first);
    let mut bulk = lane(&mut world, 2).await;
    bulk.sort();
    assert_eq!(
        bulk,
        ["MESSAGE_DIGEST", "SAVED_SEARCH_ALERT", "URGENT_ANNOUNCEMENT"]
    );
    // What nobody can turn off is about the sign-in, or about money, seats and certificates.
    for kind in first {
        assert_eq!(kind.parse::<MailKind>().unwrap().topic(), None, "{kind}");
    }
}

#[tokio::test]
async fn the_claim_reads_its_index_and_sorts_nothing() {
    let mut world = World::create().await;
    flood(&mut world, MailKind::EventRegistered, 5_000).await;
    world.execute("ANALYZE outbox").await;
    let claim = include_str!("../../../shared/data/src/outbox/claim.sql");
    // Comments end with their lines, and the statement goes on behind them.
    let plan: Value = sqlx::query_scalar(&format!("EXPLAIN (FORMAT JSON)\n{claim}"))
        .bind(14_i64)
        .bind(60_000_i64)
        .fetch_one(&mut world.owner)
        .await
        .unwrap();
    let plan = plan.to_string();
    assert!(
        plan.contains("\"outbox_due\"") && plan.contains("\"outbox_pkey\""),
        "{plan}"
    );
    assert!(!plan.contains("\"Node Type\":\"Sort\""), "{plan}");
}
