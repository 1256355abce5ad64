//! Setting an authenticator up and taking it away.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Authenticator, PASSWORD, Person, answer, call, confirm, post};

const TOTP: &str = "/v1/auth/mfa/totp";
const RECOVERY_CODES: &str = "/v1/auth/mfa/recovery-codes";

async fn remove(token: &str, proof: &Value) -> Answer {
    call(Method::DELETE, TOTP, Some(token), proof).await
}

#[tokio::test]
async fn sign_in_asks_for_a_code_from_the_confirmation_on() {
    let mut person = Person::create().await;
    let token = person.token().await;
    let begun = post(TOTP, Some(&token), json!({})).await;
    let secret = begun.text("secret");
    let url = begun.text("otpauthUrl");
    assert!(url.starts_with("otpauth://totp/NAMC%20NorCal:"), "{url}");
    assert!(url.contains(&format!("secret={secret}&")), "{url}");
    assert!(
        person.log_in().await.body.get("accessToken").is_some(),
        "not confirmed yet"
    );

    let app = Authenticator::of(&secret);
    let wrong = confirm(&token, &app.wrong_code()).await;
    assert_eq!(wrong.problem(), (422, "invalid-values"));
    assert_eq!(wrong.body["errors"][0]["pointer"], "/body/code");
    let confirmed = confirm(&token, &app.code(0)).await;
    assert_eq!(confirmed.body["recoveryCodes"].as_array().unwrap().len(), 10);

    let challenge = person.challenge().await;
    let replayed = answer(&challenge, &app.code(0)).await;
    assert_eq!(
        replayed.problem(),
        (401, "wrong-code"),
        "the confirmation has used it"
    );
    person.let_steps_pass().await;
    let signed_in = answer(&challenge, &app.code(0)).await;
    assert_eq!(signed_in.status.as_u16(), 200, "{signed_in:?}");
    assert_eq!(signed_in.body["user"]["mfaEnabled"], true);
    assert_eq!(person.mails().await, ["MFA_ENABLED"]);
}

#[tokio::test]
async fn the_secret_is_stored_sealed_and_audited_without_its_value() {
    let (mut person, _) = Person::enrolled().await;
    let sealed: Vec<u8> = person.look("SELECT mfa_secret FROM users WHERE id = $1").await;
    let length = usize::from(sealed[1]);
    // Version, key id, nonce, 20 bytes of secret, tag.
    assert_eq!((sealed[0], sealed.len()), (1, 2 + length + 12 + 20 + 16));
    let audited: Vec<Value> = person
        .look(
            "SELECT array_agg(after ORDER BY id) FROM audit_log
            WHERE table_name = 'users' AND row_key = $1::text AND operation = 'UPDATE' AND after ? 'mfa_secret'",
        )
        .await;
    assert_eq!(audited.len(), 1);
    assert_eq!(audited[0]["mfa_secret"], "[redacted]");
    let codes: Vec<Value> = person
        .look(
            "SELECT array_agg(after) FROM audit_log
            WHERE table_name = 'mfa_recovery_codes' AND user_id = $1 AND operation = 'INSERT'",
        )
        .await;
    assert_eq!(codes.len(), 10);
    assert!(
        codes.iter().all(|row| row["code_hash"] == "[redacted]"),
        "{codes:?}"
    );
}

#[tokio::test]
async fn a_secret_that_is_asked_for_again_takes_the_place_of_the_first() {
    let person = Person::create().await;
    let token = person.token().await;
    let first = Authenticator::of(&post(TOTP, Some(&token), json!({})).await.text("secret"));
    let second = Authenticator::of(&post(TOTP, Some(&token), json!({})).await.text("secret"));
    assert_eq!(
        confirm(&token, &first.code(0)).await.problem(),
        (422, "invalid-values")
    );
    assert_eq!(confirm(&token, &second.code(0)).await.status.as_u16(), 200);
}

#[tokio::test]
async fn an_authenticator_in_use_is_neither_replaced_nor_confirmed_again() {
    let mut person = Person::create().await;
    let token = person.token().await;
    let app = person.enrol(&token).await;
    assert_eq!(
        post(TOTP, Some(&token), json!({})).await.problem(),
        (409, "conflict")
    );
    assert_eq!(confirm(&token, &app.code(0)).await.problem(), (409, "conflict"));
}

#[tokio::test]
async fn without_an_authenticator_there_is_nothing_to_confirm_remove_or_renew() {
    let person = Person::create().await;
    let token = person.token().await;
    let proof = json!({ "password": PASSWORD });
    assert_eq!(confirm(&token, "123456").await.problem(), (409, "conflict"));
    assert_eq!(remove(&token, &proof).await.problem(), (404, "not-found"));
    assert_eq!(
        post(RECOVERY_CODES, Some(&token), proof).await.problem(),
        (409, "conflict")
    );
}

#[tokio::test]
async fn the_password_or_a_code_removes_it() {
    for with_code in [true, false] {
        let mut person = Person::create().await;
        let token = person.token().await;
        let app = person.enrol(&token).await;
        let (wrong, right) = if with_code {
            (
                json!({ "code": app.wrong_code() }),
                json!({ "code": app.code(0) }),
            )
        } else {
            (json!({ "password": "wrong" }), json!({ "password": PASSWORD }))
        };
        assert_eq!(remove(&token, &wrong).await.problem(), (422, "invalid-values"));
        assert_eq!(remove(&token, &right).await.status.as_u16(), 204);
        assert!(person.log_in().await.body.get("accessToken").is_some());
        let left: i64 = person
            .look("SELECT count(*) FROM mfa_recovery_codes WHERE user_id = $1")
            .await;
        assert_eq!(left, 0);
        assert_eq!(person.mails().await, ["MFA_ENABLED", "MFA_DISABLED"]);
    }
}

#[tokio::test]
async fn exactly_one_proof_is_taken() {
    let mut person = Person::create().await;
    let token = person.token().await;
    person.enrol(&token).await;
    let faults = |answer: Answer| -> Vec<String> {
        assert_eq!(answer.problem(), (422, "invalid-values"));
        let errors = answer.body["errors"].as_array().unwrap();
        errors
            .iter()
            .map(|error| error["pointer"].as_str().unwrap().to_owned())
            .collect()
    };
    let none = remove(&token, &json!({})).await;
    assert_eq!(faults(none), ["/body/password"]);
    let both = remove(&token, &json!({ "password": PASSWORD, "code": "123456" })).await;
    assert_eq!(faults(both), ["/body/code"]);
    let malformed = remove(&token, &json!({ "code": "12345" })).await;
    assert_eq!(faults(malformed), ["/body/code"]);
}

#[tokio::test]
async fn an_old_sign_in_changes_nothing() {
    let mut person = Person::create().await;
    let token = person.token().await;
    let app = person.enrol(&token).await;
    person
        .execute("UPDATE sessions SET created_at = created_at - interval '15 minutes' WHERE user_id = $1")
        .await;
    let proof = json!({ "password": PASSWORD });
    let refused = [
        post(TOTP, Some(&token), json!({})).await,
        confirm(&token, &app.code(0)).await,
        remove(&token, &proof).await,
        post(RECOVERY_CODES, Some(&token), proof).await,
    ];
    for answer in refused {
        assert_eq!(answer.problem(), (403, "sign-in-too-old"), "{answer:?}");
    }
}
