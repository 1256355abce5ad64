//! Recovery codes.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, post, recover};

#[tokio::test]
async fn a_recovery_code_signs_in_once_and_its_owner_is_told() {
    let (mut person, app) = Person::enrolled().await;
    let code = app.recovery[3].to_lowercase().replace('-', " ");
    let signed_in = recover(&person.challenge().await, &code).await;
    assert_eq!(signed_in.status, StatusCode::OK, "{signed_in:?}");
    let again = recover(&person.challenge().await, &code).await;
    assert_eq!(again.problem(), (401, "wrong-code"));
    let told: Value = person
        .look("SELECT payload FROM outbox WHERE user_id = $1 AND kind = 'RECOVERY_CODE_USED'")
        .await;
    assert_eq!(told["left"], 9);
    let used: Value = person
        .look(
            "SELECT jsonb_agg(after) FROM audit_log
            WHERE table_name = 'mfa_recovery_codes' AND operation = 'UPDATE'
                AND row_key IN (SELECT id::text FROM mfa_recovery_codes WHERE user_id = $1)",
        )
        .await;
    assert_eq!(used.as_array().unwrap().len(), 1, "{used}");
}

#[tokio::test]
async fn of_many_requests_with_one_recovery_code_one_gets_in() {
    let (person, app) = Person::enrolled().await;
    let mut challenges = Vec::new();
    for _ in 0..4 {
        challenges.push(person.challenge().await);
    }
    let code = &app.recovery[0];
    let answers =
        futures_util::future::join_all(challenges.iter().map(|challenge| recover(challenge, code))).await;
    let in_count = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::OK)
        .count();
    assert_eq!(in_count, 1, "{answers:?}");
}

#[tokio::test]
async fn only_hashes_are_stored() {
    let (mut person, app) = Person::enrolled().await;
    let stored: Vec<Vec<u8>> = person
        .look("SELECT array_agg(code_hash) FROM mfa_recovery_codes WHERE user_id = $1")
        .await;
    assert_eq!(stored.len(), 10);
    for code in &app.recovery {
        let plain = code.replace('-', "");
        assert!(
            stored
                .iter()
                .all(|hash| hash.len() == 32 && hash != plain.as_bytes())
        );
    }
}

#[tokio::test]
async fn new_codes_take_the_place_of_the_old_ones() {
    let mut person = Person::create().await;
    let token = person.token().await;
    let app = person.enrol(&token).await;
    let path = "/v1/auth/mfa/recovery-codes";
    let wrong = post(path, Some(&token), json!({ "password": "wrong" })).await;
    assert_eq!(wrong.problem(), (422, "invalid-values"));
    let renewed = post(path, Some(&token), json!({ "password": PASSWORD })).await;
    let codes = renewed.body["recoveryCodes"].as_array().unwrap();
    assert_eq!(codes.len(), 10);
    let old = recover(&person.challenge().await, &app.recovery[0]).await;
    assert_eq!(old.problem(), (401, "wrong-code"));
    let new = recover(&person.challenge().await, codes[0].as_str().unwrap()).await;
    assert_eq!(new.status, StatusCode::OK, "{new:?}");
    let told = ["MFA_ENABLED", "RECOVERY_CODES_RENEWED", "RECOVERY_CODE_USED"];
    assert_eq!(person.mails().await, told);
}
