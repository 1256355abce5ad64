//! How often codes may be guessed, and who still gets in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::support::{Answer, Authenticator, PASSWORD, Person, answer, post, recover};

/// Guesses with new challenges until the account is locked.
async fn lock(person: &Person, app: &Authenticator) {
    for _ in 0..5 {
        let guess = answer(&person.challenge().await, &app.wrong_code()).await;
        assert_eq!(guess.problem(), (401, "wrong-code"));
    }
}

#[tokio::test]
async fn guesses_are_counted_by_account_whatever_the_challenge() {
    let (person, app) = Person::enrolled().await;
    lock(&person, &app).await;
    let refused = answer(&person.challenge().await, &app.code(0)).await;
    assert_eq!(
        refused.problem(),
        (429, "too-many-requests"),
        "also with the right code"
    );
    assert!((1..=10).contains(&refused.retry_after.unwrap()), "{refused:?}");
    let recovered = recover(&person.challenge().await, &app.recovery[0]).await;
    assert_eq!(
        recovered.status,
        StatusCode::OK,
        "a recovery code cannot be guessed: {recovered:?}"
    );
}

#[tokio::test]
async fn the_lock_grows_and_ends() {
    let (mut person, app) = Person::enrolled().await;
    lock(&person, &app).await;
    // As if the lock had just ended.
    let end = "UPDATE login_attempts SET locked_until = now() WHERE user_id = $1 AND locked_until > now()";
    assert_eq!(person.execute(end).await, 1);
    let sixth = answer(&person.challenge().await, &app.wrong_code()).await;
    assert_eq!(sixth.problem(), (401, "wrong-code"));
    let refused = answer(&person.challenge().await, &app.code(0)).await;
    assert!((11..=20).contains(&refused.retry_after.unwrap()), "{refused:?}");
    assert_eq!(person.execute(end).await, 1);
    let right = answer(&person.challenge().await, &app.code(0)).await;
    assert_eq!(right.status, StatusCode::OK, "{right:?}");
}

#[tokio::test]
async fn who_guesses_elsewhere_does_not_lock_a_known_device_out() {
    let (person, app) = Person::enrolled().await;
    let signed_in = recover(&person.challenge().await, &app.recovery[0]).await;
    let device = signed_in.text("deviceToken");
    lock(&person, &app).await;
    let answered = answer_from(&device, &person, PASSWORD, &app.code(0)).await;
    assert_eq!(answered.status, StatusCode::OK, "{answered:?}");
}

/// Answers a new challenge from a device.
async fn answer_from(device: &str, person: &Person, password: &str, code: &str) -> Answer {
    let begun = json!({ "email": person.email, "password": password, "deviceToken": device });
    let challenge = post("/v1/auth/login", None, begun).await.text("challenge");
    let answer = json!({ "challenge": challenge, "code": code, "deviceToken": device });
    post("/v1/auth/mfa/challenge", None, answer).await
}

/// Whoever reads the mail has one new device after the other, and must not have as many new counts.
#[tokio::test]
async fn a_device_that_a_link_has_made_known_has_no_count_of_its_own() {
    let (mut person, app) = Person::enrolled().await;
    lock(&person, &app).await;
    let token = [*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat();
    sqlx::query(
        "INSERT INTO single_use_tokens (token_hash, user_id, purpose, expires_at)
        VALUES (sha256($1), $2, 'RESET_PASSWORD', now() + interval '1 hour')",
    )
    .bind(&token)
    .bind(person.id)
    .execute(&mut person.owner)
    .await
    .unwrap();
    let password = format!("wet plaster hums {}", Uuid::new_v4().simple());
    let reset = json!({ "token": URL_SAFE_NO_PAD.encode(&token), "newPassword": password });
    let device = post("/v1/auth/password/reset", None, reset)
        .await
        .text("deviceToken");
    let refused = answer_from(&device, &person, &password, &app.code(0)).await;
    assert_eq!(refused.problem(), (429, "too-many-requests"));
}

/// Whoever has the password before there is a second factor can have many devices by then.
#[tokio::test]
async fn a_device_from_before_the_second_factor_has_no_count_of_its_own() {
    let mut person = Person::create().await;
    let device = person.log_in().await.text("deviceToken");
    let token = person.token().await;
    let app = person.enrol(&token).await;
    lock(&person, &app).await;
    let refused = answer_from(&device, &person, PASSWORD, &app.code(0)).await;
    assert_eq!(refused.problem(), (429, "too-many-requests"));
}

#[tokio::test]
async fn the_owner_is_told_once_that_somebody_guesses_with_the_password() {
    let (mut person, app) = Person::enrolled().await;
    let told = ["MFA_ENABLED", "SECOND_FACTOR_GUESSED"];
    for number in 1..=5 {
        let guess = answer(&person.challenge().await, &app.wrong_code()).await;
        assert_eq!(guess.problem(), (401, "wrong-code"));
        let expected = if number < 4 { &told[..1] } else { &told };
        assert_eq!(person.mails().await, expected, "after {number} wrong codes");
    }
    let end = "UPDATE login_attempts SET locked_until = now() WHERE user_id = $1 AND locked_until > now()";
    for _ in 0..3 {
        assert_eq!(person.execute(end).await, 1);
        let guess = answer(&person.challenge().await, &app.wrong_code()).await;
        assert_eq!(guess.problem(), (401, "wrong-code"));
    }
    assert_eq!(person.mails().await, told, "it goes on");

    assert_eq!(person.execute(end).await, 1);
    let right = answer(&person.challenge().await, &app.code(0)).await;
    assert_eq!(right.status, StatusCode::OK, "{right:?}");
    for _ in 0..4 {
        answer(&person.challenge().await, &app.wrong_code()).await;
    }
    let again = [told[0], told[1], told[1]];
    assert_eq!(person.mails().await, again, "it begins anew");
}

/// The longest lock and the count that it goes with: at that rate guessing for a year succeeds with a probability below one in a hundred.
#[tokio::test]
async fn guessing_goes_on_six_times_a_day_at_most() {
    let (mut person, app) = Person::enrolled().await;
    let long = r"UPDATE login_attempts SET failures = 30
        WHERE subject_hash = sha256('second-factor-member\000'::bytea || uuid_send($1))";
    answer(&person.challenge().await, &app.wrong_code()).await;
    assert_eq!(person.execute(long).await, 1);
    let guess = answer(&person.challenge().await, &app.wrong_code()).await;
    assert_eq!(guess.problem(), (401, "wrong-code"));
    let refused = answer(&person.challenge().await, &app.code(0)).await;
    let wait = refused.retry_after.unwrap();
    assert!((4 * 3600 - 60..=4 * 3600).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_stolen_sign_in_cannot_guess_codes_without_end() {
    let mut person = Person::create().await;
    let token = person.token().await;
    let app = person.enrol(&token).await;
    let path = "/v1/auth/mfa/recovery-codes";
    for _ in 0..5 {
        let guess = post(path, Some(&token), json!({ "code": app.wrong_code() })).await;
        assert_eq!(guess.problem(), (422, "invalid-values"));
    }
    let refused = post(path, Some(&token), json!({ "code": app.code(0) })).await;
    assert_eq!(refused.problem(), (429, "too-many-requests"));
    let owner = answer(&person.challenge().await, &app.code(0)).await;
    assert_eq!(
        owner.status,
        StatusCode::OK,
        "sign-in has a count of its own: {owner:?}"
    );
}
