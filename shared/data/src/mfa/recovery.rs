//! Recovery codes: shown once, kept as hashes, each good once.

use portal_domain::ids::UserId;
use portal_domain::second_factor::RecoveryCode;
use ring::digest::{Context, SHA256};
use time::OffsetDateTime;

use crate::{DataError, Tx};

/// Gives the account these codes in place of all that it had.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn replace_recovery_codes(
    tx: &mut Tx,
    user: UserId,
    codes: &[RecoveryCode],
) -> Result<(), DataError> {
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| hash(user, code)).collect();
    // Two statements: within one, the new rows would be checked against those that are on their way out.
    sqlx::query!(
        "DELETE FROM mfa_recovery_codes WHERE user_id = $1",
        user.as_uuid()
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "INSERT INTO mfa_recovery_codes (user_id, code_hash) SELECT $1, unnest($2::bytea[])",
        user.as_uuid(),
        &hashes,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Uses a code up and tells how many are left; `None` when the account has no such code, or it was used before.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn use_recovery_code(
    tx: &mut Tx,
    user: UserId,
    code: &RecoveryCode,
    now: OffsetDateTime,
) -> Result<Option<i64>, DataError> {
    let done = sqlx::query!(
        "UPDATE mfa_recovery_codes SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL",
        user.as_uuid(),
        &hash(user, code),
        now,
    )
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(None);
    }
    let left = sqlx::query_scalar!(
        r#"SELECT count(*) AS "left!" FROM mfa_recovery_codes WHERE user_id = $1 AND used_at IS NULL"#,
        user.as_uuid(),
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(Some(left))
}

/// SHA-256 over account and code. Of 120 random bits no slow hash is needed (NIST SP 800-63B-4, section 3.1.2.2).
fn hash(user: UserId, code: &RecoveryCode) -> Vec<u8> {
    let mut digest = Context::new(&SHA256);
    digest.update(user.as_uuid().as_bytes());
    digest.update(code.as_bytes());
    digest.finish().as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn one_code_of_two_accounts_has_two_hashes() {
        let code = RecoveryCode::from_bytes([7; RecoveryCode::BYTES]);
        let of = |id| hash(UserId::from(Uuid::from_u128(id)), &code);
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }
}
