//! What a sign-in costs beside the hash.

use std::time::{Duration, Instant};

use portal_domain::password::NewPassword;

use crate::client::{Member, post, somewhere};

/// The fastest of some: what the work itself takes, whatever else the machine does.
fn fastest(times: &[Duration]) -> Duration {
    *times.iter().min().unwrap()
}

/// The bound is the whole request as a client sees it, the gateway too, on a machine that runs other tests beside this one.
#[tokio::test]
async fn a_sign_in_takes_little_more_than_its_hash() {
    let member = Member::register().await;
    let device = member.sign_in().await.get("deviceToken");
    let password = NewPassword::try_from(member.password.clone()).unwrap();
    let (mut hashes, mut sign_ins) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        let began = Instant::now();
        auth::hash_password(&password).await.unwrap();
        hashes.push(began.elapsed());
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
