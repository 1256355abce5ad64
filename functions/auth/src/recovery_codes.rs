//! New recovery codes for an account.

use portal_data::{Tx, mfa};
use portal_domain::ids::UserId;
use portal_domain::second_factor::{RECOVERY_CODES, RecoveryCode};
use portal_http::Problem;
use ring::rand::SecureRandom;
use serde::Serialize;
use utoipa::ToSchema;

/// Codes for the day when the authenticator is lost. They are shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecoveryCodes {
    /// Ten codes; each signs in once in place of the authenticator's.
    #[schema(example = json!(["1A2B-3C4D-5E6F-7G8H-9J0K-1M2N"]), min_items = 10, max_items = 10)]
    recovery_codes: Vec<String>,
}

/// Gives the account ten new codes, in place of those that it has.
///
/// # Errors
/// A 503 problem when the database is away, 500 when there are no random bytes.
pub(crate) async fn renew(
    tx: &mut Tx,
    user: UserId,
    random: &(dyn SecureRandom + Sync),
) -> Result<RecoveryCodes, Problem> {
    let codes = generate(random)?;
    mfa::replace_recovery_codes(tx, user, &codes).await?;
    Ok(RecoveryCodes {
        recovery_codes: codes.iter().map(RecoveryCode::reveal).collect(),
    })
}

fn generate(random: &dyn SecureRandom) -> Result<Vec<RecoveryCode>, Problem> {
    let code = |_| {
        let mut bytes = [0; RecoveryCode::BYTES];
        random
            .fill(&mut bytes)
            .map_err(|_| Problem::internal("the operating system gave no random bytes"))?;
        Ok(RecoveryCode::from_bytes(bytes))
    };
    (0..RECOVERY_CODES).map(code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ten_codes_are_all_different() {
        let codes = generate(&ring::rand::SystemRandom::new()).unwrap();
        let texts: HashSet<_> = codes.iter().map(RecoveryCode::reveal).collect();
        assert_eq!(texts.len(), 10);
    }
}
