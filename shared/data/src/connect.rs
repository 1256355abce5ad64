//! Opening a connection: the role's secret, TLS, and what a stale password means.

use serde::Deserialize;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{ConnectOptions, Connection};

use crate::error::is_login_failure;
use crate::{DataError, DatabaseConfig, Endpoint, Secrets};

/// A login as Secrets Manager keeps it; other members of the document are left alone.
#[derive(Clone, Deserialize, PartialEq, Eq)]
pub struct Login {
    /// The role.
    pub username: String,
    /// Its password.
    pub password: String,
}

/// Opens a connection with the role's secret. When the server refuses the login, the secret is fetched again: it may have been
/// rotated since it was cached.
pub(crate) async fn open(
    config: &DatabaseConfig,
    secrets: &Secrets,
    endpoint: &Endpoint,
) -> Result<PgConnection, DataError> {
    let login: Login = secrets.get(&config.secret_id).await?;
    match PgConnection::connect_with(&options(config, endpoint, &login)).await {
        Err(error) if is_login_failure(&error) => {
            let renewed: Login = secrets.refetch(&config.secret_id).await?;
            if renewed == login {
                return Err(error.into());
            }
            tracing::info!(secret = %config.secret_id, "the login was refused and its secret has changed: trying the new one");
            Ok(PgConnection::connect_with(&options(config, endpoint, &renewed)).await?)
        }
        outcome => Ok(outcome?),
    }
}

/// Opens a connection straight to the primary, past the pooler: for jobs that COPY whole files, VACUUM or migrate.
///
/// # Errors
/// [`DataError`] when the secret or the server cannot be reached; `PORTAL_DATABASE_DIRECT` must be set.
pub async fn direct(config: &DatabaseConfig, secrets: &Secrets) -> Result<PgConnection, DataError> {
    let Some(endpoint) = &config.direct else {
        return Err(DataError::Unavailable {
            message: "PORTAL_DATABASE_DIRECT is not set, and this job does not work through a pooler"
                .to_owned(),
            outcome_unknown: false,
        });
    };
    open(config, secrets, endpoint).await
}

/// Connection options for a login: TLS with the server's name checked, always.
#[must_use]
pub fn options(config: &DatabaseConfig, endpoint: &Endpoint, login: &Login) -> PgConnectOptions {
    let options = PgConnectOptions::new_without_pgpass()
        .host(&endpoint.host)
        .port(endpoint.port)
        .database(&config.database)
        .username(&login.username)
        .password(&login.password)
        .application_name(&config.application)
        .ssl_mode(PgSslMode::VerifyFull)
        // The transaction type times and logs statements itself.
        .disable_statement_logging();
    match &config.ca_file {
        Some(file) => options.ssl_root_cert(file),
        None => options,
    }
}
