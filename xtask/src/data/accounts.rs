//! The accounts of the data set that people and tests sign in with.

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use uuid::Uuid;

use super::tables::NAMED;

/// The program that makes what the database keeps; it is built with the functions.
pub(crate) const SEALER: &str = "seal_accounts";

/// The password of all of them. They exist on this machine alone.
const PASSWORD: &str = "maple-harbor-quiet-lantern-72";

/// The one without a second factor, which all staff work takes.
const WITHOUT_TOTP: &str = "member";

/// The base32 secret of the others' authenticators.
const TOTP: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// The accounts for `stack.json`: `[{"email", "password", "roles", "totpSecret"}]`.
pub(crate) fn describe() -> Value {
    let described = NAMED.iter().map(|(name, role)| {
        let mut roles = vec!["member", role];
        roles.dedup();
        json!({
            "email": address(name),
            "password": PASSWORD,
            "roles": roles,
            "totpSecret": totp_secret(name),
        })
    });
    described.collect()
}

/// The line for a shell that signs a member in.
pub(crate) fn sign_in_line(api: &str) -> String {
    let body = json!({ "email": address("member"), "password": PASSWORD });
    format!("curl '{api}/v1/auth/login' -H 'Content-Type: application/json' -d '{body}'")
}

/// What an account has besides its row.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Plain {
    user_id: Uuid,
    password: &'static str,
    totp_secret: Option<&'static str>,
}

/// The same as the database keeps it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sealed {
    password_hash: String,
    mfa_secret: Option<String>,
}

/// Gives those accounts of a running stack a password that have none, and staff among them a second factor; whoever has changed one
/// keeps it. `binaries` is where the functions are.
///
/// # Errors
/// When the database or the program cannot be reached.
pub(crate) async fn open(stack: &Value, binaries: &Path) -> Result<()> {
    let url = stack.pointer("/databases/owner/primary").and_then(Value::as_str);
    let url = url.context("stack.json holds no address of the owner's database")?;
    let mut connection = PgConnection::connect(url).await?;
    let closed = closed(&mut connection).await?;
    if closed.is_empty() {
        return Ok(());
    }
    let sealed = seal(stack, &binaries.join(SEALER), &closed).await?;
    for (plain, sealed) in closed.iter().zip(sealed) {
        let secret = sealed.mfa_secret.map(|text| STANDARD.decode(text)).transpose()?;
        sqlx::query(
            "UPDATE users
            SET password_hash = COALESCE(password_hash, $2), mfa_secret = COALESCE(mfa_secret, $3),
                mfa_enabled_at = COALESCE(mfa_enabled_at, CASE WHEN $3 IS NOT NULL THEN now() END)
            WHERE id = $1",
        )
        .bind(plain.user_id)
        .bind(sealed.password_hash)
        .bind(secret)
        .execute(&mut connection)
        .await?;
    }
    Ok(connection.close().await?)
}

/// The accounts without a password, and those of staff without a second factor.
async fn closed(connection: &mut PgConnection) -> Result<Vec<Plain>> {
    let addresses: Vec<String> = NAMED.iter().map(|(name, _)| address(name)).collect();
    let rows: Vec<(Uuid, String)> = sqlx::query_as(
        "SELECT id, email FROM users
        WHERE email = ANY ($1) AND deleted_at IS NULL AND (password_hash IS NULL OR mfa_enabled_at IS NULL AND email <> $2)",
    )
    .bind(addresses)
    .bind(address(WITHOUT_TOTP))
    .fetch_all(connection)
    .await?;
    let plain = rows.into_iter().map(|(user_id, email)| Plain {
        user_id,
        password: PASSWORD,
        totp_secret: totp_secret(email.split('@').next().unwrap_or_default()),
    });
    Ok(plain.collect())
}

/// Hashed and sealed by the function's own code, with its keys.
async fn seal(stack: &Value, program: &Path, accounts: &[Plain]) -> Result<Vec<Sealed>> {
    let environment = stack
        .get("environment")
        .context("stack.json holds no environment")?;
    let environment: BTreeMap<String, String> = serde_json::from_value(environment.clone())?;
    let mut process = Command::new(program)
        .env_clear()
        .envs(environment)
        .env("PORTAL_DATA_KEYS_SECRET", crate::stack::token_keys::DATA)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    if let Some(mut input) = process.stdin.take() {
        input.write_all(&serde_json::to_vec(accounts)?).await?;
    }
    let output = process.wait_with_output().await?;
    if !output.status.success() {
        bail!(
            "{SEALER} failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("{SEALER} has not answered in JSON"))
}

fn address(name: &str) -> String {
    format!("{name}@example.org")
}

fn totp_secret(name: &str) -> Option<&'static str> {
    (name != WITHOUT_TOTP).then_some(TOTP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_have_a_second_factor_and_each_account_has_its_role() {
        let accounts = describe();
        let accounts = accounts.as_array().unwrap();
        assert_eq!(accounts.len(), NAMED.len());
        assert_eq!(
            accounts
                .iter()
                .filter(|account| account["totpSecret"].is_string())
                .count(),
            NAMED.len() - 1
        );
        let support = accounts
            .iter()
            .find(|account| account["email"] == "support@example.org");
        assert_eq!(support.unwrap()["roles"], json!(["member", "support"]));
    }
}
