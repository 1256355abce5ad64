//! Very many wrong passwords for one account, from as many addresses, while its owner goes on signing in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use portal_tests::function::Function;
use portal_tests::gateway::Request;
use serde_json::{Value, json};

use crate::client::{Answer, Member, owner, post, somewhere};
use crate::mails;

/// Processes of the function, and how many guesses are on their way to each.
const FUNCTIONS: usize = 2;
const AT_ONCE: usize = 2;

/// Which of the requests are the owner's: one of so many.
const OWNERS_TURN: u32 = 500;

struct Storm {
    functions: Vec<Function>,
    member: Member,
    device: String,
    /// How many requests have been made, and how many there are to be.
    made: AtomicU32,
    requests: u32,
    /// Guesses whose hash was computed, and those that were refused unseen.
    verified: AtomicUsize,
    refused: AtomicUsize,
    sign_ins: AtomicUsize,
}

async fn log_in(function: &Function, body: &Value, address: &str) -> Answer {
    let request = Request {
        method: "POST",
        path: "/v1/auth/login",
        body: Some(body),
        token: None,
        address,
        headers: &[],
    };
    Answer::of(&function.invoke(&request.event()).await.unwrap())
}

impl Storm {
    async fn brew(requests: u32) -> Arc<Self> {
        let member = Member::register().await;
        let device = member.sign_in().await.get("deviceToken");
        let mut functions = Vec::new();
        for _ in 0..FUNCTIONS {
            functions.push(Function::auth().await);
        }
        Arc::new(Self {
            functions,
            member,
            device,
            made: AtomicU32::new(0),
            requests,
            verified: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
            sign_ins: AtomicUsize::new(0),
        })
    }

    /// Makes requests until enough have been made.
    async fn blow(self: Arc<Self>, function: usize) {
        let function = &self.functions[function];
        loop {
            let number = self.made.fetch_add(1, Ordering::Relaxed);
            if number >= self.requests {
                return;
            }
            // Another customer's network for each.
            let address = format!("2001:db8:{:x}:{:x}::1", number >> 16, number & 0xffff);
            if number % OWNERS_TURN == OWNERS_TURN - 1 {
                let body = self.member.credentials_from(&self.device);
                let answer = log_in(function, &body, &address).await;
                assert_eq!(answer.status, 200, "the owner: {answer:?}");
                self.sign_ins.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            let guess = json!({"email": self.member.email, "password": format!("guess number {number:09}")});
            match log_in(function, &guess, &address).await.status {
                401 => self.verified.fetch_add(1, Ordering::Relaxed),
                429 => self.refused.fetch_add(1, Ordering::Relaxed),
                status => panic!("{status}"),
            };
        }
    }

    /// Lets it blow, says how it went, and checks that nobody got in and the owner always did.
    async fn pass(self: &Arc<Self>) {
        let size = attempts_size().await;
        let began = Instant::now();
        let blowing: Vec<_> = (0..FUNCTIONS * AT_ONCE)
            .map(|number| tokio::spawn(Arc::clone(self).blow(number % FUNCTIONS)))
            .collect();
        for one in blowing {
            one.await.unwrap();
        }
        let took = began.elapsed();
        let verified = self.verified.load(Ordering::Relaxed);
        let sign_ins = self.sign_ins.load(Ordering::Relaxed);
        let memory: Vec<_> = self.functions.iter().map(Function::peak_memory).collect();
        println!(
            "{} requests in {took:.1?}: {verified} guesses were verified, {} refused, {sign_ins} sign-ins of the owner; \
             at most {memory:?} KiB; login_attempts from {size} to {} bytes",
            self.requests,
            self.refused.load(Ordering::Relaxed),
            attempts_size().await,
        );
        assert_eq!(sign_ins, usize::try_from(self.requests / OWNERS_TURN).unwrap());
        assert!(verified <= let_through(took), "{verified} in {took:?}");

        let elsewhere = post("/v1/auth/login", &self.member.credentials(), &somewhere()).await;
        assert_eq!(
            elsewhere.status, 429,
            "not even the right password: {elsewhere:?}"
        );
        let body = self.member.credentials_from(&self.device);
        post("/v1/auth/login", &body, &somewhere()).await.expect(200);
        assert_eq!(mails::count(&self.member.email, "ACCOUNT_LOCKED").await, 1);
    }
}

/// Five guesses are free; then one is let through when a lock ends, ten seconds at first and twice as long each time.
fn let_through(within: Duration) -> usize {
    let locks = (0..).map(|n| Duration::from_secs(10 * ((1 << n) - 1)));
    5 + locks.skip(1).take_while(|ends| *ends <= within).count()
}

async fn attempts_size() -> i64 {
    sqlx::query_scalar("SELECT pg_total_relation_size('login_attempts')")
        .fetch_one(&mut owner().await)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_from_many_addresses_neither_get_in_nor_keep_the_owner_out() {
    Storm::brew(3_000).await.pass().await;
}

/// Run on the release profile: `cargo test --release --test sign_in -- --ignored --nocapture many_guesses`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement of minutes, for a quiet machine"]
async fn very_many_guesses() {
    Storm::brew(200_000).await.pass().await;
}
