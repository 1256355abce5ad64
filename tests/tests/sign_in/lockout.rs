//! Guessing passwords.

use portal_tests::gateway::Request;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{
    Answer, From, Member, deliver, execute, fresh_email, fresh_password, post, registration, send, somewhere,
};
use crate::mails;

async fn log_in(body: &Value, from: &From) -> Answer {
    post("/v1/auth/login", body, from).await
}

/// A wrong password, from an address of its own.
async fn guess(email: &str) -> Answer {
    log_in(
        &json!({"email": email, "password": fresh_password()}),
        &somewhere(),
    )
    .await
}

/// Ends the lock of an account's address.
async fn end_lock(member: &Member) {
    execute(
        r"UPDATE login_attempts SET locked_until = now()
        WHERE subject_hash = sha256('log-in-account\000'::bytea || convert_to($1, 'UTF8')) AND locked_until IS NOT NULL",
        &member.email,
    )
    .await;
}

#[tokio::test]
async fn an_owner_without_a_known_device_gets_in_by_mail() {
    let member = Member::register().await;
    while guess(&member.email).await.status != 429 {}
    post(
        "/v1/auth/password/forgot",
        &json!({"email": member.email}),
        &somewhere(),
    )
    .await
    .expect(202);
    let token = mails::secret(&member.email, "RESET_PASSWORD").await;
    let member = Member {
        password: fresh_password(),
        ..member
    };
    let body = json!({"token": token, "newPassword": member.password});
    let device = post("/v1/auth/password/reset", &body, &somewhere())
        .await
        .expect(200)
        .get("deviceToken");
    while guess(&member.email).await.status != 429 {}
    log_in(&member.credentials_from(&device), &somewhere())
        .await
        .expect(200);
}

#[tokio::test]
async fn a_lock_says_how_long_and_ends_and_the_next_is_longer() {
    let member = Member::register().await;
    for left in (0..5).rev() {
        let answer = guess(&member.email).await.expect(401);
        let state = answer.header("ratelimit");
        assert!(
            state.contains(&format!("\"log-in-account\";r={left};")),
            "{state}"
        );
    }
    let locked = log_in(&member.credentials(), &somewhere()).await.expect(429);
    assert_eq!(locked.get("type"), "/v1/problems/too-many-requests");
    let first: u64 = locked.header("retry-after").parse().unwrap();
    assert!((1..=10).contains(&first), "{first}");
    assert!(
        locked
            .header("ratelimit-policy")
            .contains("\"log-in-account\";q=5;w=86400")
    );

    end_lock(&member).await;
    guess(&member.email).await.expect(401);
    let second: u64 = guess(&member.email)
        .await
        .expect(429)
        .header("retry-after")
        .parse()
        .unwrap();
    assert!((11..=20).contains(&second), "{second}");

    end_lock(&member).await;
    log_in(&member.credentials(), &somewhere()).await.expect(200);
    let answer = guess(&member.email).await.expect(401);
    assert!(answer.header("ratelimit").contains("\"log-in-account\";r=4;"));
}

#[tokio::test]
async fn a_device_is_locked_by_itself() {
    let member = Member::register().await;
    let device = member.sign_in().await.get("deviceToken");
    let wrong = json!({"email": member.email, "password": fresh_password(), "deviceToken": device});
    for _ in 0..5 {
        log_in(&wrong, &somewhere()).await.expect(401);
    }
    let locked = log_in(&member.credentials_from(&device), &somewhere())
        .await
        .expect(429);
    assert!(locked.header("ratelimit").contains("\"log-in-device\";r=0;"));
    log_in(&member.credentials(), &somewhere()).await.expect(200);
}

#[tokio::test]
async fn a_device_of_another_account_is_a_stranger() {
    let (member, other) = (Member::register().await, Member::register().await);
    let device = other.sign_in().await.get("deviceToken");
    while guess(&member.email).await.status != 429 {}
    log_in(&member.credentials_from(&device), &somewhere())
        .await
        .expect(429);
}

#[tokio::test]
async fn one_address_cannot_try_many_accounts_but_its_neighbours_can_sign_in() {
    let From::Address(here) = somewhere() else {
        panic!("an address")
    };
    let network = here.trim_end_matches("::1").to_owned();
    for host in 1..=30 {
        let from = From::Address(format!("{network}::{host:x}"));
        log_in(
            &json!({"email": fresh_email(), "password": fresh_password()}),
            &from,
        )
        .await
        .expect(401);
    }
    let member = Member::register().await;
    let locked = log_in(
        &member.credentials(),
        &From::Address(format!("{network}:9:9:9:9")),
    )
    .await
    .expect(429);
    assert!(locked.header("ratelimit").contains("\"log-in-address\";r=0;"));
    // What an address may not try counts against no account.
    assert!(!locked.header("ratelimit").contains("\"log-in-account\""));
    let device = member.sign_in().await.get("deviceToken");
    log_in(&member.credentials_from(&device), &From::Address(here))
        .await
        .expect(200);
}

#[tokio::test]
async fn own_sign_ins_do_not_wash_an_address_clean() {
    let (member, from) = (Member::register().await, somewhere());
    for _ in 0..15 {
        let wrong = json!({"email": fresh_email(), "password": fresh_password()});
        log_in(&wrong, &from).await.expect(401);
        log_in(&wrong, &from).await.expect(401);
        if log_in(&member.credentials(), &from).await.status == 429 {
            break;
        }
    }
    let wrong = json!({"email": fresh_email(), "password": fresh_password()});
    log_in(&wrong, &from).await.expect(429);
}

#[tokio::test]
async fn what_a_client_says_of_its_address_counts_for_nothing() {
    let From::Address(here) = somewhere() else {
        panic!("an address")
    };
    let claiming = async |claimed: &str, seen: &str| {
        let forwarded = format!("for={claimed}");
        let mut headers = vec![("forwarded", forwarded.as_str())];
        let named = [
            "x-forwarded-for",
            "x-real-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "client-ip",
        ];
        headers.extend(named.map(|name| (name, claimed)));
        let request = Request {
            method: "POST",
            path: "/v1/auth/login",
            body: Some(&json!({"email": fresh_email(), "password": fresh_password()})),
            token: None,
            address: seen,
            headers: &headers,
        };
        deliver(&request).await
    };
    for host in 1..=30 {
        claiming(&format!("198.51.100.{host}"), &here).await.expect(401);
    }
    claiming("198.51.100.31", &here).await.expect(429);
    let From::Address(elsewhere) = somewhere() else {
        panic!("an address")
    };
    claiming(&here, &elsewhere).await.expect(401);
}

#[tokio::test]
async fn nobody_floods_a_stranger_with_links_to_a_new_address() {
    let member = Member::register().await;
    let access = member.sign_in().await.get("accessToken");
    let stranger = fresh_email();
    let body = json!({"newEmail": stranger, "password": member.password});
    let path = "/v1/auth/email/change";
    let change = async || send(&Method::POST, path, Some(&body), Some(&access), &somewhere()).await;
    for _ in 0..5 {
        change().await.expect(202);
    }
    let refused = change().await.expect(429);
    assert!(
        refused
            .header("ratelimit")
            .contains("\"email-change-member\";r=0;")
    );
    assert_eq!(mails::count(&stranger, "EMAIL_CHANGE_CONFIRM").await, 5);
}

#[tokio::test]
async fn other_guesses_are_counted_too() {
    let bodies = [
        ("/v1/auth/verify-email", json!({"token": "A".repeat(43)}), 422),
        (
            "/v1/auth/password/reset",
            json!({"token": "A".repeat(43), "newPassword": fresh_password()}),
            422,
        ),
        ("/v1/auth/password/forgot", json!({"email": fresh_email()}), 202),
        (
            "/v1/auth/register",
            registration(&fresh_email(), &fresh_password()),
            202,
        ),
    ];
    for (path, body, status) in bodies {
        let from = somewhere();
        let first = post(path, &body, &from).await.expect(status);
        assert!(first.header("ratelimit").contains(";r=29;"), "{path}: {first:?}");
        for _ in 1..30 {
            post(path, &body, &from).await.expect(status);
        }
        let refused = post(path, &body, &from).await.expect(429);
        assert!(
            refused.header("retry-after").parse::<u64>().unwrap() >= 1,
            "{path}"
        );
    }
}
