//! Makes what the database keeps of passwords and authenticators, as the function does: for accounts that are made beside the
//! API, such as the first administrator's and those of the demo set.
//!
//! Reads `[{"userId", "password", "totpSecret": base32 or null}]` from standard input, and answers in the same order on standard
//! output with `[{"passwordHash", "mfaSecret": base64 or null}]`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portal_data::mfa::sealing_context;
use portal_data::sealing::Sealer;
use portal_data::{Environment, Secrets};
use portal_domain::ids::UserId;
use portal_domain::password::NewPassword;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    user_id: UserId,
    password: NewPassword,
    totp_secret: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sealed {
    password_hash: String,
    mfa_secret: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let accounts: Vec<Account> = serde_json::from_reader(std::io::stdin())?;
    let keys = Environment::process().required("PORTAL_DATA_KEYS_SECRET", "a Secrets Manager id")?;
    let sealer = Sealer::new(Secrets::default(), keys);
    let mut sealed = Vec::with_capacity(accounts.len());
    for account in accounts {
        sealed.push(Sealed {
            password_hash: auth::hash_password(&account.password).await?,
            mfa_secret: seal_totp(&sealer, &account).await?,
        });
    }
    serde_json::to_writer(std::io::stdout(), &sealed)?;
    Ok(())
}

async fn seal_totp(sealer: &Sealer, account: &Account) -> Result<Option<String>, lambda_http::Error> {
    let Some(secret) = &account.totp_secret else {
        return Ok(None);
    };
    let secret = totp_rs::Secret::Encoded(secret.clone())
        .to_bytes()
        .map_err(|error| format!("a totpSecret is not base32: {error}"))?;
    let sealed = sealer.seal(&sealing_context(account.user_id), &secret).await?;
    Ok(Some(STANDARD.encode(sealed)))
}
