//! Answering the challenge of a sign-in.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Person, answer, post, recover};

const WRONG: (u16, &str) = (401, "wrong-code");
const OVER: (u16, &str) = (401, "session-ended");

#[tokio::test]
async fn a_code_that_was_used_is_refused() {
    let (person, app) = Person::enrolled().await;
    let code = app.code(0);
    let first = answer(&person.challenge().await, &code).await;
    assert_eq!(first.status, StatusCode::OK, "{first:?}");
    let replayed = answer(&person.challenge().await, &code).await;
    assert_eq!(replayed.problem(), WRONG);
    let older = answer(&person.challenge().await, &app.code(-1)).await;
    assert_eq!(older.problem(), WRONG, "of a step before the one that was used");
    let newer = answer(&person.challenge().await, &app.code(1)).await;
    assert_eq!(newer.status, StatusCode::OK, "{newer:?}");
}

#[tokio::test]
async fn of_many_requests_with_one_code_one_gets_in() {
    let (person, app) = Person::enrolled().await;
    let mut challenges = Vec::new();
    for _ in 0..4 {
        challenges.push(person.challenge().await);
    }
    let code = app.code(0);
    let answers =
        futures_util::future::join_all(challenges.iter().map(|challenge| answer(challenge, &code))).await;
    let in_count = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::OK)
        .count();
    assert_eq!(in_count, 1, "{answers:?}");
}

#[tokio::test]
async fn the_code_of_another_account_is_refused() {
    let (ana, _) = Person::enrolled().await;
    let (_bo, app_of_bo) = Person::enrolled().await;
    assert_eq!(
        answer(&ana.challenge().await, &app_of_bo.code(0)).await.problem(),
        WRONG
    );
    let recovery = recover(&ana.challenge().await, &app_of_bo.recovery[0]).await;
    assert_eq!(recovery.problem(), WRONG);
}

#[tokio::test]
async fn a_wrong_code_leaves_the_challenge_good() {
    let (person, app) = Person::enrolled().await;
    let challenge = person.challenge().await;
    assert_eq!(answer(&challenge, &app.wrong_code()).await.problem(), WRONG);
    assert_eq!(answer(&challenge, &app.code(0)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_right_code_uses_the_challenge_up() {
    let (mut person, app) = Person::enrolled().await;
    let challenge = person.challenge().await;
    assert_eq!(answer(&challenge, &app.code(0)).await.status, StatusCode::OK);
    person.let_steps_pass().await;
    assert_eq!(answer(&challenge, &app.code(0)).await.problem(), OVER);
}

#[tokio::test]
async fn a_challenge_runs_out() {
    let (mut person, app) = Person::enrolled().await;
    let challenge = person.challenge().await;
    let aged = person
        .execute(
            "UPDATE single_use_tokens SET expires_at = now()
            WHERE user_id = $1 AND purpose = 'MFA_CHALLENGE' AND used_at IS NULL
                AND expires_at BETWEEN now() + interval '4 minutes' AND now() + interval '5 minutes'",
        )
        .await;
    assert_eq!(aged, 1, "it lasts five minutes");
    assert_eq!(answer(&challenge, &app.code(0)).await.problem(), OVER);
}

#[tokio::test]
async fn a_challenge_is_good_for_five_codes() {
    let (mut person, app) = Person::enrolled().await;
    let challenge = person.challenge().await;
    for _ in 0..5 {
        assert_eq!(answer(&challenge, &app.wrong_code()).await.problem(), WRONG);
    }
    // Neither the lock of the account nor a code that is right matters to a challenge that is over.
    person
        .execute("DELETE FROM login_attempts WHERE user_id = $1")
        .await;
    assert_eq!(answer(&challenge, &app.code(0)).await.problem(), OVER);
    assert_eq!(
        answer(&person.challenge().await, &app.code(0)).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn no_other_token_is_a_challenge() {
    let (person, app) = Person::enrolled().await;
    let unknown = answer(&"A".repeat(43), &app.code(0)).await;
    assert_eq!(unknown.problem(), OVER);
    let both = json!({ "challenge": person.challenge().await, "code": app.code(0), "recoveryCode": app.recovery[0] });
    let both = post("/v1/auth/mfa/challenge", None, both).await;
    assert_eq!(both.problem(), (422, "invalid-values"));
}

#[tokio::test]
async fn an_account_that_is_suspended_meanwhile_does_not_get_in() {
    let (mut person, app) = Person::enrolled().await;
    let challenge = person.challenge().await;
    person
        .execute("UPDATE users SET is_active = false, suspended_at = now() WHERE id = $1")
        .await;
    assert_eq!(answer(&challenge, &app.code(0)).await.problem(), OVER);
}
