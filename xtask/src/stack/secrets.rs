//! The stack's passwords. Those of the portal's roles live in Secrets Manager, as in AWS; the two that only the database
//! servers themselves need live in a file of the state folder.

use super::aws::Aws;
use super::layout::Layout;
use super::token_keys;
use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::Executor;
use sqlx::postgres::PgConnection;
use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

/// The roles that functions log in as.
pub(crate) const LOGIN_ROLES: &[&str] = &[
    "portal_auth",
    "portal_api",
    "portal_admin",
    "portal_jobs",
    "portal_maintenance",
    "portal_backup",
    "portal_monitor",
];
/// The user that migrates and owns the database, like the master user of a managed server: no superuser.
pub(crate) const MASTER: &str = "portal_master";
/// Below which name each role's secret lies.
pub(crate) const PREFIX: &str = "portal/database/";

/// Passwords of accounts that no function ever uses.
#[derive(Serialize, Deserialize)]
pub(crate) struct ServerSecrets {
    /// The cluster's superuser, `postgres`.
    pub(crate) superuser: String,
    /// The replica's account.
    pub(crate) replication: String,
}

impl ServerSecrets {
    /// Reads them, or makes them on first use.
    pub(crate) fn ensure(layout: &Layout) -> Result<Self> {
        // Beside the databases: deleting one without the other would lock everybody out.
        let path = layout.databases.join("server-secrets.json");
        if let Ok(bytes) = std::fs::read(&path) {
            return serde_json::from_slice(&bytes)
                .with_context(|| format!("{} is damaged; start over with --reset", path.display()));
        }
        let secrets = Self {
            superuser: password(),
            replication: password(),
        };
        let mut file = std::fs::File::options()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&path)?;
        file.write_all(&serde_json::to_vec_pretty(&secrets)?)?;
        Ok(secrets)
    }
}

/// What Secrets Manager holds: role to password.
pub(crate) type Passwords = BTreeMap<String, String>;

/// Makes the secrets that are missing, and returns every role's password as Secrets Manager has it now.
pub(crate) async fn ensure(aws: &Aws) -> Result<Passwords> {
    let mut passwords = Passwords::new();
    for role in LOGIN_ROLES {
        passwords.insert(
            (*role).to_owned(),
            role_password(aws, &format!("{PREFIX}{role}"), role).await?,
        );
    }
    passwords.insert(
        MASTER.to_owned(),
        role_password(aws, &format!("{PREFIX}master"), MASTER).await?,
    );
    let key = STANDARD.encode(rand::random::<[u8; 32]>());
    aws.ensure_secret(
        "portal/signing",
        &json!({ "cursorKeys": [{ "id": "k1", "key": key }] }).to_string(),
    )
    .await?;
    token_keys::ensure(aws).await?;
    Ok(passwords)
}

async fn role_password(aws: &Aws, id: &str, role: &str) -> Result<String> {
    let fresh = json!({ "username": role, "password": password() }).to_string();
    let value = aws.ensure_secret(id, &fresh).await?;
    let value: serde_json::Value =
        serde_json::from_str(&value).with_context(|| format!("the secret {id} is not JSON"))?;
    let password = value.get("password").and_then(|password| password.as_str());
    password
        .map(str::to_owned)
        .with_context(|| format!("the secret {id} holds no password"))
}

/// A role's password on its way: the server has it, and the secret has it as the next version.
pub(crate) struct Change {
    secret: String,
    version: String,
}

impl Change {
    /// Gives a role another password as the rotation of Secrets Manager does: a version of the secret that does not count yet, then the
    /// server. `server` is a superuser's connection.
    pub(crate) async fn begin(
        aws: &Aws,
        server: &mut PgConnection,
        role: &str,
        password: &str,
    ) -> Result<Self> {
        let secret = format!("{PREFIX}{role}");
        let value = json!({ "username": role, "password": password }).to_string();
        let version = aws.put_pending_secret(&secret, &value).await?;
        // Letters, digits, - and _ (see `password`) need no quoting.
        let statement = format!("ALTER ROLE {role} PASSWORD '{password}'");
        server
            .execute(statement.as_str())
            .await
            .with_context(|| format!("cannot change the password of {role}"))?;
        Ok(Self { secret, version })
    }

    /// Makes the version with the new password the one that counts.
    pub(crate) async fn finish(self, aws: &Aws) -> Result<()> {
        aws.finish_secret(&self.secret, &self.version).await
    }
}

/// 256 random bits in letters that need no quoting anywhere.
pub(crate) fn password() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}
