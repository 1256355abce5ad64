//! What a sign-in costs beside the hash.

use std::time::{Duration, Instant};

use portal_domain::password::NewPassword;
use portal_tests::function::Function;
use portal_tests::gateway::Request;
use serde_json::Value;

use crate::client::{Answer, From, Member, post, somewhere};

/// The fastest of some: what the work itself takes, whatever else the machine does.
fn fastest(times: &[Duration]) -> Duration {
    *times.iter().min().unwrap()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

async fn hash(member: &Member) -> Duration {
    let password = NewPassword::try_from(member.password.clone()).unwrap();
    let began = Instant::now();
    auth::hash_password(&password).await.unwrap();
    began.elapsed()
}

/// The bound is the whole request as a client sees it, the gateway too, on a machine that runs other tests beside this one.
#[tokio::test]
async fn a_sign_in_takes_little_more_than_its_hash() {
    let member = Member::register().await;
    let device = member.sign_in().await.get("deviceToken");
    let (mut hashes, mut sign_ins) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        hashes.push(hash(&member).await);
        let began = Instant::now();
        post("/v1/auth/login", &member.credentials_from(&device), &somewhere())
            .await
            .expect(200);
        sign_ins.push(began.elapsed());
    }
    let (hash, sign_in) = (fastest(&hashes), fastest(&sign_ins));
    println!(
        "one hash {hash:?}, one sign-in {sign_in:?}, beside the hash {:?}",
        sign_in.saturating_sub(hash)
    );
    assert!(
        sign_in >= hash.mul_f64(0.5),
        "a sign-in in {sign_in:?} cannot have verified a hash of {hash:?}"
    );
    assert!(
        sign_in < hash + Duration::from_millis(100),
        "{hash:?} for a hash, {sign_in:?} for a sign-in"
    );
}

/// A sign-in as the function's runtime sees it.
async fn directly(function: &Function, body: &Value) -> Duration {
    let request = Request {
        method: "POST",
        path: "/v1/auth/login",
        body: Some(body),
        token: None,
        address: "192.0.2.1",
        headers: &[],
    };
    let event = request.event();
    let began = Instant::now();
    let answer = function.invoke(&event).await.unwrap();
    let took = began.elapsed();
    Answer::of(&answer).expect(200);
    took
}

async fn through_gateway(body: &Value) -> Duration {
    let began = Instant::now();
    let answer = post("/v1/auth/login", body, &From::Gateway).await;
    let took = began.elapsed();
    answer.expect(200);
    took
}

/// Run on the release profile: `cargo test --release --test sign_in -- --ignored --nocapture medians`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement, for a quiet machine"]
async fn medians_of_many_sign_ins() {
    let member = Member::register().await;
    let body = member.credentials_from(&member.sign_in().await.get("deviceToken"));
    let function = Function::auth().await;
    let mut times: [Vec<Duration>; 3] = Default::default();
    // In turn, so that what else the machine does strikes all.
    for round in 0..320 {
        let taken = [
            hash(&member).await,
            directly(&function, &body).await,
            through_gateway(&body).await,
        ];
        if round >= 20 {
            times
                .iter_mut()
                .zip(taken)
                .for_each(|(times, taken)| times.push(taken));
        }
    }
    let [hash, direct, gateway] = times.map(median);
    let [direct, gateway] = [direct, gateway].map(|time| time.saturating_sub(hash));
    println!("hash {hash:.2?}; beside it {direct:.2?} directly, {gateway:.2?} through the gateway");
    assert!(direct <= Duration::from_millis(5));
}
