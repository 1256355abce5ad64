//! Opening a connection: the role's secret, TLS, and what a refused password means.

use std::iter;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::Deserialize;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{ConnectOptions, Connection};

use crate::error::is_login_failure;
use crate::{DataError, DatabaseConfig, Endpoint, SecretError, Secrets};

/// Before each look for another password, when one is refused. A rotation changes the server's password before the secret's current
/// version, and a pooler or a replica may learn of either later. Together it is half of what a request waits for a connection.
const PAUSES: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
];

/// A login as Secrets Manager keeps it; other members of the document are left alone.
#[derive(Clone, Deserialize, PartialEq, Eq)]
pub struct Login {
    /// The role.
    pub username: String,
    /// Its password.
    pub password: String,
}

/// Which of a secret's versions a login is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    /// The one that was current when it was last fetched.
    Kept,
    /// The one that is current now.
    Current,
    /// The one that a rotation under way has made.
    Pending,
}

/// Opens a connection with the role's secret. When the server refuses the login, the secret is fetched again: it may have been
/// rotated since it was cached, or be just now.
pub(crate) async fn open(
    config: &DatabaseConfig,
    secrets: &Secrets,
    endpoint: &Endpoint,
) -> Result<PgConnection, DataError> {
    let id = config.secret_id.as_str();
    let fetch = |version| async move {
        match version {
            Version::Kept => secrets.get(id).await.map(Some),
            Version::Current => secrets.refetch(id).await.map(Some),
            Version::Pending => secrets.pending(id).await,
        }
    };
    let connect =
        |login: Login| async move { PgConnection::connect_with(&options(config, endpoint, &login)).await };
    // Boxed: the types of all that await a connection would be too deep for the compiler.
    let opening: BoxFuture<'_, _> = Box::pin(log_in(fetch, connect, &PAUSES));
    opening.await
}

/// Logs in with what is kept, and where that is refused, with the current version and with the one to come, again after each pause.
async fn log_in<C, F, O>(
    fetch: impl Fn(Version) -> F,
    connect: impl Fn(Login) -> O,
    pauses: &[Duration],
) -> Result<C, DataError>
where
    F: Future<Output = Result<Option<Login>, SecretError>>,
    O: Future<Output = Result<C, sqlx::Error>>,
{
    let kept = (Duration::ZERO, [Some(Version::Kept), None]);
    let anew = [Some(Version::Current), Some(Version::Pending)];
    let rounds = iter::once(kept).chain(pauses.iter().map(|pause| (*pause, anew)));
    let mut refused = Vec::new();
    let mut refusal = None;
    for (pause, versions) in rounds {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
            // What was refused may be right now.
            refused.clear();
        }
        for version in versions.into_iter().flatten() {
            let login = match fetch(version).await? {
                Some(login) if !refused.contains(&login) => login,
                _ => continue,
            };
            match connect(login.clone()).await {
                Err(error) if is_login_failure(&error) => {
                    tracing::info!(%error, ?version, "the login was refused: another version of its secret may be right");
                    refused.push(login);
                    refusal = Some(error);
                }
                outcome => return Ok(outcome?),
            }
        }
    }
    Err(refusal.map_or_else(no_login, DataError::from))
}

fn no_login() -> DataError {
    DataError::Unavailable {
        message: "there is no login".to_owned(),
        outcome_unknown: false,
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

#[cfg(test)]
mod tests;
