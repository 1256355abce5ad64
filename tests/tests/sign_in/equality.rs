//! Nobody learns which addresses have an account.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Answer, From, Member, fresh_email, fresh_password, post, registration, somewhere};
use crate::mails;

/// What differs between two answers, ids and times apart.
fn seen(answer: &Answer) -> (u16, String, Value) {
    let mut headers = answer.headers.clone();
    let headers_seen = headers.as_object_mut().unwrap();
    for own in ["x-request-id", "portal-consistency", "date"] {
        headers_seen.remove(own);
    }
    (answer.status, answer.without_id(), headers)
}

/// An account that has never been confirmed.
async fn unconfirmed() -> Member {
    let member = Member {
        email: fresh_email(),
        password: fresh_password(),
    };
    post(
        "/v1/auth/register",
        &registration(&member.email, &member.password),
        &somewhere(),
    )
    .await
    .expect(202);
    member
}

#[tokio::test]
async fn sign_in_answers_the_same_for_every_reason_to_refuse() {
    let (member, guessed, known) = (Member::register().await, unconfirmed().await, unconfirmed().await);
    let wrong = fresh_password();
    let answers = [
        json!({"email": member.email, "password": wrong}),
        json!({"email": fresh_email(), "password": wrong}),
        json!({"email": guessed.email, "password": wrong}),
        known.credentials(),
    ];
    let mut first = None;
    for body in answers {
        let mut sequence = Vec::new();
        // Through the lock, too.
        for _ in 0..7 {
            let answer = post("/v1/auth/login", &body, &somewhere()).await;
            sequence.push((answer.status, answer.without_id()));
        }
        assert_eq!(*first.get_or_insert_with(|| sequence.clone()), sequence, "{body}");
    }
}

#[tokio::test]
async fn registering_and_forgetting_answer_the_same() {
    let member = Member::register().await;
    let bodies = |email: &str| {
        [
            ("/v1/auth/register", registration(email, &fresh_password())),
            ("/v1/auth/password/forgot", json!({"email": email})),
        ]
    };
    for ((path, known), (_, unknown)) in bodies(&member.email).into_iter().zip(bodies(&fresh_email())) {
        let known = post(path, &known, &somewhere()).await.expect(202);
        let unknown = post(path, &unknown, &somewhere()).await.expect(202);
        assert_eq!(seen(&known), seen(&unknown), "{path}");
    }
    assert_eq!(mails::count(&member.email, "ALREADY_REGISTERED").await, 1);
    assert_eq!(mails::count(&member.email, "RESET_PASSWORD").await, 1);
}

async fn time(path: &str, body: &Value, from: &From) -> Duration {
    let began = Instant::now();
    post(path, body, from).await;
    began.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Known and unknown in turn, so that what else the machine does strikes both; the bounds are wide for the same reason, and yet
/// far below what a missing hash would save.
#[tokio::test]
async fn known_and_unknown_take_the_same_time() {
    let mut members = Vec::new();
    for _ in 0..5 {
        members.push(Member::register().await);
    }
    for path in ["/v1/auth/login", "/v1/auth/register", "/v1/auth/password/forgot"] {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for round in 0..20 {
            // A few guesses each, short of a lock.
            let addresses = [members[round % members.len()].email.clone(), fresh_email()];
            for (email, times) in addresses.iter().zip([&mut known, &mut unknown]) {
                let body = match path {
                    "/v1/auth/login" => json!({"email": email, "password": fresh_password()}),
                    "/v1/auth/register" => registration(email, &fresh_password()),
                    _ => json!({"email": email}),
                };
                times.push(time(path, &body, &somewhere()).await);
            }
        }
        let (known, unknown) = (median(known), median(unknown));
        let apart = known.abs_diff(unknown);
        assert!(
            apart < known.max(unknown).mul_f64(0.25) + Duration::from_millis(5),
            "{path}: {known:?} for a known address and {unknown:?} for an unknown one"
        );
    }
}
