//! Passwords and addresses that change.

use reqwest::Method;
use serde_json::json;

use crate::client::{
    Member, execute, fresh_email, fresh_password, me, owner, post, refresh, registration, send, somewhere,
};
use crate::mails;

#[tokio::test]
async fn a_forgotten_password_is_set_by_mail_and_ends_every_sign_in() {
    let member = Member::register().await;
    let before = member.sign_in().await;
    post(
        "/v1/auth/password/forgot",
        &json!({"email": member.email}),
        &somewhere(),
    )
    .await
    .expect(202);
    let token = mails::secret(&member.email, "RESET_PASSWORD").await;
    let reset = |password: &str| json!({"token": token, "newPassword": password});
    // A password that is refused does not cost the token.
    let expected = post(
        "/v1/auth/password/reset",
        &reset(&format!("{0}{0}", "MariaMunoz")),
        &somewhere(),
    )
    .await;
    assert_eq!(
        expected.expect(422).json()["errors"][0]["pointer"],
        "/body/newPassword"
    );
    let password = fresh_password();
    let done = post("/v1/auth/password/reset", &reset(&password), &somewhere())
        .await
        .expect(200);
    post("/v1/auth/password/reset", &reset(&fresh_password()), &somewhere())
        .await
        .expect(422);

    refresh(&before.get("refreshToken")).await.expect(401);
    post("/v1/auth/login", &member.credentials(), &somewhere())
        .await
        .expect(401);
    let member = Member { password, ..member };
    let from_here = member.credentials_from(&done.get("deviceToken"));
    let signed_in = post("/v1/auth/login", &from_here, &somewhere()).await.expect(200);
    assert_eq!(signed_in.get("deviceToken"), done.get("deviceToken"));
    assert_eq!(mails::count(&member.email, "PASSWORD_CHANGED").await, 1);
}

#[tokio::test]
async fn a_link_by_mail_is_used_once_of_many_at_once() {
    let member = Member::register().await;
    post(
        "/v1/auth/password/forgot",
        &json!({"email": member.email}),
        &somewhere(),
    )
    .await
    .expect(202);
    let token = mails::secret(&member.email, "RESET_PASSWORD").await;
    let attempts = (0..8).map(|_| {
        let body = json!({"token": token, "newPassword": fresh_password()});
        tokio::spawn(async move { post("/v1/auth/password/reset", &body, &somewhere()).await.status })
    });
    let mut statuses = Vec::new();
    for attempt in attempts.collect::<Vec<_>>() {
        statuses.push(attempt.await.unwrap());
    }
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| [200, 422].contains(status)),
        "{statuses:?}"
    );
}

#[tokio::test]
async fn mails_with_links_are_few_and_the_answer_does_not_tell() {
    let member = Member::register().await;
    for _ in 0..6 {
        post(
            "/v1/auth/password/forgot",
            &json!({"email": member.email}),
            &somewhere(),
        )
        .await
        .expect(202);
    }
    assert_eq!(mails::count(&member.email, "RESET_PASSWORD").await, 3);
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sign_ins() {
    let member = Member::register().await;
    let (here, elsewhere) = (member.sign_in().await, member.sign_in().await);
    let access = here.get("accessToken");
    let change = async |current: &str, new: &str| {
        let body = json!({"currentPassword": current, "newPassword": new});
        send(
            &Method::POST,
            "/v1/auth/password/change",
            Some(&body),
            Some(&access),
            &somewhere(),
        )
        .await
    };
    let wrong = change("not the password at all", &fresh_password())
        .await
        .expect(422);
    assert_eq!(wrong.json()["errors"][0]["pointer"], "/body/currentPassword");
    let same = change(&member.password, &member.password).await.expect(422);
    assert_eq!(same.json()["errors"][0]["pointer"], "/body/newPassword");
    change(&member.password, &member.email).await.expect(422);
    let password = fresh_password();
    change(&member.password, &password).await.expect(204);
    refresh(&elsewhere.get("refreshToken")).await.expect(401);
    refresh(&here.get("refreshToken")).await.expect(200);
    post("/v1/auth/login", &member.credentials(), &somewhere())
        .await
        .expect(401);
    Member { password, ..member }.sign_in().await;
}

#[tokio::test]
async fn the_password_of_a_stolen_sign_in_cannot_be_guessed() {
    let member = Member::register().await;
    let access = member.sign_in().await.get("accessToken");
    let mut statuses = Vec::new();
    for _ in 0..8 {
        let body = json!({"currentPassword": fresh_password(), "newPassword": fresh_password()});
        let answer = send(
            &Method::POST,
            "/v1/auth/password/change",
            Some(&body),
            Some(&access),
            &somewhere(),
        )
        .await;
        statuses.push(answer.status);
    }
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429, 429, 429]);
}

#[tokio::test]
async fn an_address_changes_once_the_new_one_is_confirmed() {
    let member = Member::register().await;
    let access = member.sign_in().await.get("accessToken");
    let new = fresh_email();
    let body = json!({"newEmail": new, "password": member.password});
    let change = send(
        &Method::POST,
        "/v1/auth/email/change",
        Some(&body),
        Some(&access),
        &somewhere(),
    )
    .await;
    change.expect(202);
    assert_eq!(me(&access).await.get("email"), member.email);
    let token = mails::secret(&new, "EMAIL_CHANGE_CONFIRM").await;
    post("/v1/auth/verify-email", &json!({"token": token}), &somewhere())
        .await
        .expect(204);
    assert_eq!(mails::count(&member.email, "EMAIL_CHANGED").await, 1);
    post("/v1/auth/login", &member.credentials(), &somewhere())
        .await
        .expect(401);
    Member { email: new, ..member }.sign_in().await;
}

#[tokio::test]
async fn an_address_that_is_taken_is_not_told_and_its_owner_is() {
    let (member, other) = (Member::register().await, Member::register().await);
    let access = member.sign_in().await.get("accessToken");
    let change = async |email: &str| {
        let body = json!({"newEmail": email, "password": member.password});
        send(
            &Method::POST,
            "/v1/auth/email/change",
            Some(&body),
            Some(&access),
            &somewhere(),
        )
        .await
        .expect(202)
    };
    assert_eq!(change(&other.email).await.text, change(&fresh_email()).await.text);
    assert_eq!(mails::count(&other.email, "ALREADY_REGISTERED").await, 1);
    assert_eq!(mails::count(&other.email, "EMAIL_CHANGE_CONFIRM").await, 0);

    // Two want the same new address: whoever confirms it second is told.
    let wanted = fresh_email();
    change(&wanted).await;
    let token = mails::secret(&wanted, "EMAIL_CHANGE_CONFIRM").await;
    post(
        "/v1/auth/register",
        &registration(&wanted, &fresh_password()),
        &somewhere(),
    )
    .await
    .expect(202);
    post("/v1/auth/verify-email", &json!({"token": token}), &somewhere())
        .await
        .expect(409);
}

#[tokio::test]
async fn a_stranger_cannot_slip_a_password_under_an_address_that_is_not_confirmed() {
    let (email, mine, theirs) = (fresh_email(), fresh_password(), fresh_password());
    post("/v1/auth/register", &registration(&email, &mine), &somewhere())
        .await
        .expect(202);
    let token = mails::secret(&email, "VERIFY_EMAIL").await;
    post("/v1/auth/register", &registration(&email, &theirs), &somewhere())
        .await
        .expect(202);
    assert_eq!(mails::count(&email, "VERIFY_EMAIL").await, 1);
    post("/v1/auth/verify-email", &json!({"token": token}), &somewhere())
        .await
        .expect(204);
    post(
        "/v1/auth/login",
        &json!({"email": email, "password": theirs}),
        &somewhere(),
    )
    .await
    .expect(401);
    post(
        "/v1/auth/login",
        &json!({"email": email, "password": mine}),
        &somewhere(),
    )
    .await
    .expect(200);
}

#[tokio::test]
async fn a_new_device_is_told_to_the_owner_and_a_known_one_is_not() {
    let member = Member::register().await;
    let first = member.sign_in().await;
    assert_eq!(mails::count(&member.email, "NEW_SIGN_IN").await, 0);
    let known = member.credentials_from(&first.get("deviceToken"));
    post("/v1/auth/login", &known, &somewhere()).await.expect(200);
    assert_eq!(mails::count(&member.email, "NEW_SIGN_IN").await, 0);
    let second = member.sign_in().await;
    assert_ne!(second.get("deviceToken"), first.get("deviceToken"));
    assert_eq!(mails::count(&member.email, "NEW_SIGN_IN").await, 1);
}

async fn password_hash(email: &str) -> String {
    sqlx::query_scalar("SELECT password_hash FROM users WHERE email = $1")
        .bind(email)
        .fetch_one(&mut owner().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_hash_of_another_cost_is_renewed_by_a_sign_in() {
    let member = Member {
        password: "wet plaster hums under old oaks".to_owned(),
        ..Member::register().await
    };
    // The hash of this password by the reference implementation, at the least cost that there is.
    execute(
        "UPDATE users SET password_hash =
            '$argon2id$v=19$m=64,t=1,p=1$c2FsdCBvZiB0aGUgdGVzdA$Bt1reE0jUz0ZMNkiIIp5YzfQIRnb9D+6a21aMX5jQ+k'
        WHERE email = $1",
        &member.email,
    )
    .await;
    member.sign_in().await;
    let renewed = password_hash(&member.email).await;
    assert!(!renewed.contains("m=64,"), "the hash has the configured cost");
    member.sign_in().await;
    assert_eq!(password_hash(&member.email).await, renewed);
}
