//! Every route of the OpenAPI document against every token that is not good.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portal_http::routes::{self, Authentication};
use portal_tests::members::Member;
use portal_tests::samples::{Access, Sample, requests};
use portal_tests::tokens::{Signer, unsigned};
use portal_tests::{openapi, stack::Stack};
use reqwest::StatusCode;
use ring::hmac;
use serde_json::{Value, json};

use crate::support::{change, member, request};

fn samples(access: &[Access]) -> Vec<Sample> {
    let document: Value = serde_json::from_str(&openapi::document()).unwrap();
    let chosen: Vec<_> = requests(&document)
        .into_iter()
        .filter(|sample| access.contains(&sample.access))
        .collect();
    assert!(!chosen.is_empty(), "the document has routes with {access:?}");
    chosen
}

/// Sends the request and collects what is wrong with its refusal.
async fn refusal(sample: &Sample, token: Option<&str>, kinds: &[&str]) -> Option<String> {
    let response = request(sample, token).send().await.unwrap();
    let status = response.status();
    let headers = response.headers().clone();
    let problem: Value = response.json().await.unwrap_or_default();
    let kind = problem["type"].as_str().and_then(|kind| kind.rsplit('/').next());
    let good = status == StatusCode::UNAUTHORIZED
        && headers
            .get("content-type")
            .is_some_and(|value| value == "application/problem+json")
        && headers
            .get("www-authenticate")
            .is_some_and(|value| value == "Bearer")
        && kind.is_some_and(|kind| kinds.contains(&kind));
    (!good).then(|| format!("{}: {status} {problem}", sample.operation))
}

async fn assert_refused(access: &[Access], token: Option<&str>, kinds: &[&str], why: &str) {
    let mut wrong = Vec::new();
    for sample in samples(access) {
        wrong.extend(refusal(&sample, token, kinds).await);
    }
    assert!(wrong.is_empty(), "{why}:\n{}", wrong.join("\n"));
}

/// The claims or header with one member changed.
fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

/// Tokens that were never good, or are good no more, each with why.
fn bad_tokens(signer: &Signer, member: &Member) -> Vec<(&'static str, String)> {
    let (header, claims) = (signer.header(), signer.claims(member));
    let of = |name: &str, value: Value| signer.sign(&header, &with(claims.clone(), name, value));
    let issued = claims["iat"].as_i64().unwrap();
    let expired = with(claims.clone(), "iat", json!(issued - 660));
    let none = with(header.clone(), "alg", json!("none"));
    let shared = unsigned(&with(header.clone(), "alg", json!("HS256")), &claims);
    let key = hmac::Key::new(hmac::HMAC_SHA256, signer.public());
    let tag = URL_SAFE_NO_PAD.encode(hmac::sign(&key, shared.as_bytes()));
    vec![
        (
            "expired",
            signer.sign(&header, &with(expired, "exp", json!(issued - 60))),
        ),
        ("alg none", format!("{}.", unsigned(&none, &claims))),
        ("HS256 with the public key", format!("{shared}.{tag}")),
        ("another key", signer.forged().token(member)),
        (
            "an unknown key",
            signer.sign(&with(header.clone(), "kid", json!("nobody's")), &claims),
        ),
        (
            "another type",
            signer.sign(&with(header.clone(), "typ", json!("JWT")), &claims),
        ),
        ("another audience", of("aud", json!("another"))),
        ("another issuer", of("iss", json!("https://issuer.example"))),
        ("no token at all", "x".to_owned()),
    ]
}

/// The other tests here see no more than this document does.
#[test]
fn no_route_is_left_out() {
    let document: Value = serde_json::from_str(&openapi::document()).unwrap();
    let samples = requests(&document);
    for route in routes::all() {
        let access = match route.authentication {
            Authentication::None => Access::Open,
            Authentication::Optional => Access::Optional,
            Authentication::Required => Access::Protected,
        };
        let sample = samples.iter().find(|sample| sample.operation == route.operation);
        assert_eq!(
            sample.map(|sample| sample.access),
            Some(access),
            "{}",
            route.operation
        );
    }
}

#[tokio::test]
async fn a_route_that_takes_a_permission_refuses_who_lacks_it() {
    let token = Signer::newest().await.token(&member(&[]).await);
    let permitted =
        |sample: &Sample| routes::find(&sample.operation).is_some_and(|route| route.permission.is_some());
    let mut wrong = Vec::new();
    for sample in samples(&[Access::Protected])
        .iter()
        .filter(|sample| permitted(sample))
    {
        let response = request(sample, Some(&token)).send().await.unwrap();
        let status = response.status();
        let problem: Value = response.json().await.unwrap_or_default();
        if status != StatusCode::FORBIDDEN || problem["type"] != "/v1/problems/forbidden" {
            wrong.push(format!("{}: {status} {problem}", sample.operation));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_protected_route_refuses_who_brings_no_token() {
    assert_refused(&[Access::Protected], None, &["unauthenticated"], "no token").await;
}

#[tokio::test]
async fn every_route_that_looks_at_tokens_refuses_a_bad_one() {
    let signer = Signer::newest().await;
    let member = member(&["administrator"]).await;
    for (why, token) in bad_tokens(&signer, &member) {
        let looking = [Access::Protected, Access::Optional];
        assert_refused(&looking, Some(&token), &["unauthenticated"], why).await;
    }
    // What was changed in each is all that is wrong with it.
    let response = crate::support::get("/v1/auth/me", &signer.token(&member)).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_route_that_looks_at_tokens_refuses_a_sign_in_that_has_ended() {
    let token_of = async |ending: &str| {
        let member = member(&["administrator"]).await;
        change(&member, ending).await;
        Signer::newest().await.token(&member)
    };
    for ending in [
        "UPDATE sessions SET revoked_at = now() WHERE user_id = $1",
        "UPDATE sessions SET expires_at = now() WHERE user_id = $1",
        "UPDATE users SET is_active = false, suspended_at = now() WHERE id = $1",
        "UPDATE users SET deleted_at = now() WHERE id = $1",
    ] {
        let token = token_of(ending).await;
        settle().await;
        let looking = [Access::Protected, Access::Optional];
        assert_refused(&looking, Some(&token), &["session-ended"], ending).await;
    }
}

/// Waits until the replica has what was written so far: how long that may take is for the tests of that.
async fn settle() {
    let mut primary = crate::support::owner().await;
    let written: String = sqlx::query_scalar("SELECT pg_current_wal_lsn()::text")
        .fetch_one(&mut primary)
        .await
        .unwrap();
    let mut replica =
        <sqlx::PgConnection as sqlx::Connection>::connect(&Stack::get().databases["owner"].replica)
            .await
            .unwrap();
    let began = std::time::Instant::now();
    loop {
        let there: bool = sqlx::query_scalar("SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn")
            .bind(&written)
            .fetch_one(&mut replica)
            .await
            .unwrap();
        if there {
            return;
        }
        assert!(began.elapsed().as_secs() < 10, "the replica does not catch up");
        tokio::task::yield_now().await;
    }
}
