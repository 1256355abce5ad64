//! How often codes may be guessed, and who still gets in.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Authenticator, PASSWORD, Person, answer, post, recover};

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
    let begun = json!({ "email": person.email, "password": PASSWORD, "deviceToken": device });
    let challenge = post("/v1/auth/login", None, begun).await.text("challenge");
    let code = json!({ "challenge": challenge, "code": app.code(0), "deviceToken": device });
    let answered = post("/v1/auth/mfa/challenge", None, code).await;
    assert_eq!(answered.status, StatusCode::OK, "{answered:?}");
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
