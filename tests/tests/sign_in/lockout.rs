//! Guessing passwords.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::client::{
    Answer, From, Member, execute, fresh_email, fresh_password, post, registration, somewhere,
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
async fn guesses_from_many_addresses_neither_get_in_nor_keep_the_owner_out() {
    let member = Member::register().await;
    let device = member.sign_in().await.get("deviceToken");
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    for _ in 0..100 {
        let email = member.email.clone();
        let guesses: Vec<_> = (0..12)
            .map(|_| {
                let email = email.clone();
                tokio::spawn(async move { guess(&email).await.status })
            })
            .collect();
        for guess in guesses {
            *statuses.entry(guess.await.unwrap()).or_default() += 1;
        }
    }
    // Five are free; each further one is let through when a lock ends, ten seconds at first and twice as long each time.
    assert!(statuses[&401] <= 12, "{statuses:?}");
    assert_eq!(
        statuses.values().sum::<usize>(),
        statuses[&401] + statuses[&429],
        "{statuses:?}"
    );
    assert_eq!(mails::count(&member.email, "ACCOUNT_LOCKED").await, 1);

    log_in(&member.credentials(), &somewhere()).await.expect(429);
    let signed_in = log_in(&member.credentials_from(&device), &somewhere())
        .await
        .expect(200);
    assert_eq!(signed_in.get("deviceToken"), device);
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
