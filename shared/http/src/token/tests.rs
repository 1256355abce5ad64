//! Tokens of every kind that there should not be, and the one that there should.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portal_domain::ids::{SessionId, UserId};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RsaEncoding, RsaKeyPair};
use ring::{hmac, signature};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

const NOW: i64 = 1_800_000_000;

fn pair() -> RsaKeyPair {
    RsaKeyPair::from_pkcs8(include_bytes!("test_key.der")).unwrap()
}

fn public_keys() -> Value {
    let key = PublicKeyComponents::<Vec<u8>>::from(pair().public());
    let encode = |number: &[u8]| URL_SAFE_NO_PAD.encode(number);
    json!({"keys": [{
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "s1", "n": encode(&key.n), "e": encode(&key.e),
    }]})
}

fn settings() -> TokenSettings {
    let environment = [("PORTAL_PUBLIC_URL", "https://api.example/")];
    TokenSettings::read(Environment::of(&environment)).unwrap()
}

fn header() -> Value {
    json!({"alg": "RS256", "typ": "at+jwt", "kid": "s1"})
}

fn claims() -> Value {
    json!({
        "iss": "https://api.example", "aud": "namc-portal", "sub": Uuid::from_u128(1), "sid": Uuid::from_u128(2),
        "iat": NOW - 60, "exp": NOW + 540, "jti": Uuid::nil(), "roles": ["member"],
    })
}

/// The object with another value for one of its members; null takes it away.
fn with(mut object: Value, name: &str, value: Value) -> Value {
    let members = object.as_object_mut().unwrap();
    match value {
        Value::Null => drop(members.remove(name)),
        value => drop(members.insert(name.to_owned(), value)),
    }
    object
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

fn signed_by(encoding: &'static dyn RsaEncoding, header: &Value, claims: &Value) -> String {
    let text = unsigned(header, claims);
    let pair = pair();
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(encoding, &SystemRandom::new(), text.as_bytes(), &mut signature)
        .unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn token(header: &Value, claims: &Value) -> String {
    signed_by(&RSA_PKCS1_SHA256, header, claims)
}

fn verify(token: &str) -> Result<Caller, Problem> {
    let keys: VerifyingKeys = serde_json::from_value(public_keys()).unwrap();
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    verify_with(&keys, &settings(), token, now)
}

fn assert_refused(token: &str, why: &str) {
    let refusal = verify(token).expect_err(why);
    assert_eq!(refusal.kind(), ProblemKind::Unauthenticated, "{why}");
}

#[test]
fn a_token_of_ours_names_its_caller() {
    let caller = Caller::Member {
        user_id: UserId::from(Uuid::from_u128(1)),
        session_id: SessionId::from(Uuid::from_u128(2)),
    };
    assert_eq!(verify(&token(&header(), &claims())), Ok(caller));
    let typed = with(header(), "typ", json!("application/AT+JWT"));
    assert_eq!(verify(&token(&typed, &claims())), Ok(caller));
}

#[test]
fn a_token_with_another_header_is_refused() {
    for (name, value) in [
        ("typ", json!("JWT")),
        ("typ", Value::Null),
        ("kid", json!("s2")),
        ("kid", Value::Null),
        ("alg", json!("RS512")),
        ("alg", json!("none")),
    ] {
        let why = format!("{name} {value}");
        assert_refused(&token(&with(header(), name, value), &claims()), &why);
    }
    let longer = with(header(), "alg", json!("RS512"));
    assert_refused(&signed_by(&RSA_PKCS1_SHA512, &longer, &claims()), "a good RS512");
}

#[test]
fn a_token_with_other_claims_is_refused() {
    for (name, value) in [
        ("iss", json!("https://api.example/")),
        ("iss", json!("https://other.example")),
        ("iss", Value::Null),
        ("aud", json!("other")),
        ("aud", json!(["other", "namc-portal"])),
        ("aud", Value::Null),
        ("sub", json!("somebody")),
        ("sub", Value::Null),
        ("sid", Value::Null),
        ("exp", Value::Null),
        ("exp", json!("never")),
        ("iat", json!(NOW + 6)),
    ] {
        let why = format!("{name} {value}");
        assert_refused(&token(&header(), &with(claims(), name, value)), &why);
    }
}

#[test]
fn a_token_runs_out_when_the_leeway_is_over() {
    let ending = |at: i64| token(&header(), &with(claims(), "exp", json!(at)));
    assert!(verify(&ending(NOW - LEEWAY + 1)).is_ok());
    assert_refused(&ending(NOW - LEEWAY), "run out");
}

#[test]
fn what_nobody_has_signed_with_the_key_is_refused() {
    let none = with(header(), "alg", json!("none"));
    assert_refused(&format!("{}.", unsigned(&none, &claims())), "alg none");
    // The well-known confusion: the public key, which everybody has, taken for a shared one.
    let hs256 = with(header(), "alg", json!("HS256"));
    let text = unsigned(&hs256, &claims());
    for secret in [
        pair().public().as_ref().to_vec(),
        public_keys()["keys"][0]["n"].to_string().into_bytes(),
    ] {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), text.as_bytes());
        assert_refused(
            &format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag)),
            "HS256 with the public key",
        );
    }
    let good = token(&header(), &claims());
    let (_, signature) = good.rsplit_once('.').unwrap();
    let elsewhere = unsigned(&header(), &with(claims(), "sub", json!(Uuid::from_u128(3))));
    assert_refused(&format!("{elsewhere}.{signature}"), "a signature of other claims");
    let pss = signed_by(&signature::RSA_PSS_SHA256, &header(), &claims());
    assert_refused(&pss, "PSS");
}

#[test]
fn what_is_no_token_is_refused() {
    for text in [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "e30.e30.e30",
        "\u{0}",
        "eyJ9.eyJ9.",
    ] {
        assert_refused(text, text);
    }
}

#[test]
fn keys_of_another_kind_are_published_but_verify_nothing() {
    let mut keys = public_keys();
    keys["keys"][0]["alg"] = json!("RS512");
    let keys: VerifyingKeys = serde_json::from_value(keys).unwrap();
    assert!(keys.get("s1").is_none());
    assert_eq!(keys.published().keys.len(), 1);
}
