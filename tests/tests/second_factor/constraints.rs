//! What the database itself refuses.

use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use sqlx::Executor as _;

async fn refused(statement: &str) -> String {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let member = Member::add(&mut owner, "ana", &[]).await;
    let statement = statement.replace("$1", &format!("'{}'", member.id));
    let error = owner.execute(sqlx::raw_sql(&statement)).await.unwrap_err();
    let error = error.into_database_error().unwrap();
    error.constraint().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn no_second_factor_is_on_without_a_secret() {
    let constraint = refused("UPDATE users SET mfa_enabled_at = now() WHERE id = $1").await;
    assert_eq!(constraint, "users_mfa_has_secret");
}

#[tokio::test]
async fn an_account_has_a_recovery_code_once() {
    let constraint =
        refused("INSERT INTO mfa_recovery_codes (user_id, code_hash) VALUES ($1, '\\x01'), ($1, '\\x01')")
            .await;
    assert_eq!(constraint, "mfa_recovery_codes_code_key");
}

#[tokio::test]
async fn steps_and_attempts_are_counted_from_zero() {
    let step = refused("INSERT INTO totp_steps (user_id, step) VALUES ($1, -1)").await;
    assert_eq!(step, "totp_steps_step_check");
    let attempts = refused(
        "INSERT INTO single_use_tokens (token_hash, user_id, purpose, attempts) VALUES ('\\x01', $1, 'MFA_CHALLENGE', -1)",
    )
    .await;
    assert_eq!(attempts, "single_use_tokens_attempts_check");
}
