//! The login roles' passwords, from their secrets.

use portal_data::Secrets;
use portal_data::connect::Login;
use postgres_protocol::password::scram_sha_256;
use sqlx::Executor;
use sqlx::postgres::PgConnection;

use crate::MigrationError;

/// The roles that functions log in as.
const LOGIN_ROLES: [&str; 7] = [
    "portal_auth",
    "portal_api",
    "portal_admin",
    "portal_jobs",
    "portal_maintenance",
    "portal_backup",
    "portal_monitor",
];

/// Sets each login role's password to what its secret says; returns how many there are.
pub(crate) async fn set(
    connection: &mut PgConnection,
    secrets: &Secrets,
    prefix: &str,
) -> Result<usize, MigrationError> {
    for role in LOGIN_ROLES {
        let secret = format!("{prefix}{role}");
        let login: Login = secrets.refetch(&secret).await?;
        if login.username != role {
            return Err(MigrationError::WrongRole {
                secret,
                found: login.username,
                expected: role,
            });
        }
        connection
            .execute(sqlx::raw_sql(&statement(role, &login.password)))
            .await?;
    }
    Ok(LOGIN_ROLES.len())
}

/// The server is given the SCRAM verifier, never the password, which would stand in its logs and statistics. A verifier is made
/// of base64, `$`, `:` and `-`, so it needs no quoting.
fn statement(role: &'static str, password: &str) -> String {
    format!(
        "ALTER ROLE {role} PASSWORD '{}'",
        scram_sha_256(password.as_bytes())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_itself_is_never_sent() {
        let statement = statement("portal_api", "it's a secret");
        assert!(!statement.contains("secret"));
        let verifier = statement.split('\'').nth(1).unwrap();
        assert!(verifier.starts_with("SCRAM-SHA-256$4096:"));
        assert_eq!(statement.matches('\'').count(), 2);
    }
}
