//! Why the database did not do what was asked, in the terms of what a caller can do about it.

use crate::SecretError;
use crate::sealing::SealingError;

/// A failed transaction or query.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The row is not there, or the caller may not know that it is.
    #[error("no such row")]
    NotFound,
    /// The sign-in is not known, was ended or has expired: sign in again.
    #[error("the session has ended")]
    SessionEnded,
    /// The account was suspended or deleted.
    #[error("the account is not active")]
    AccountInactive,
    /// Staff have not approved the account, and what it asks for is for members.
    #[error("the account is not approved")]
    NotApproved,
    /// What it asks for is for staff, who sign in with a second factor.
    #[error("no second factor was shown")]
    NoSecondFactor,
    /// A policy or a missing grant refused the statement.
    #[error("row-level security or a missing grant refused the statement: {0}")]
    Denied(#[source] sqlx::Error),
    /// The caller lacks a permission.
    #[error("the caller lacks the permission {permission}")]
    NotPermitted {
        /// The permission that this takes, a `resource.action` string.
        permission: &'static str,
    },
    /// A unique, exclusion or foreign key says that the row clashes with another.
    #[error("the row conflicts with another: constraint {constraint}")]
    Conflict {
        /// The constraint's name, which the HTTP edge gives words to.
        constraint: String,
    },
    /// A CHECK, a length or a type says that the value cannot be.
    #[error("a value is out of range: {}", constraint.as_deref().unwrap_or("no constraint named"))]
    Invalid {
        /// The constraint's name, where one was violated.
        constraint: Option<String>,
    },
    /// A rule of the business says no (SQLSTATE `PB409`).
    #[error("refused: {reason}")]
    Refused {
        /// Why, in a sentence for people.
        reason: String,
    },
    /// The statement took longer than the request allows.
    #[error("the statement timed out")]
    Timeout,
    /// The database is away, starting or full: try again in a moment.
    #[error("the database is not available: {message}")]
    Unavailable {
        /// What happened, for the log.
        message: String,
        /// Whether a COMMIT had been sent, so that the work may or may not have been done.
        outcome_unknown: bool,
    },
    /// The replica cannot answer this read yet. Never leaves the data crate: the primary answers instead.
    #[error("the replica is behind: {0}")]
    ReplicaBehind(String),
    /// A row that the types of the domain do not admit: a defect.
    #[error("table {table} holds a row that cannot be: {reason}")]
    Corrupt {
        /// Where the row stands.
        table: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The login's secret could not be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// A value could not be sealed or opened.
    #[error(transparent)]
    Sealing(SealingError),
    /// Anything else: a defect of ours.
    #[error("unexpected database error: {0}")]
    Internal(#[source] sqlx::Error),
}

impl DataError {
    /// The same, with the note that COMMIT had been sent.
    pub(crate) fn during_commit(self) -> Self {
        match self {
            Self::Unavailable { message, .. } => Self::Unavailable {
                message,
                outcome_unknown: true,
            },
            other => other,
        }
    }

    /// Whether a read that failed so on a replica is worth running on the primary.
    pub(crate) fn is_worth_another_node(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::ReplicaBehind(_))
    }
}

impl From<sqlx::Error> for DataError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(cause) => {
                let constraint = cause.constraint().map(str::to_owned);
                let code = cause.code().unwrap_or_default().into_owned();
                from_sqlstate(&code, constraint, error)
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed => unavailable(&error),
            _ => Self::Internal(error),
        }
    }
}

impl From<SealingError> for DataError {
    fn from(error: SealingError) -> Self {
        match error {
            SealingError::Keys(error) => Self::Secret(error),
            other => Self::Sealing(other),
        }
    }
}

/// What the server says, without what sqlx puts around it.
fn message(error: &sqlx::Error) -> String {
    error
        .as_database_error()
        .map(|cause| cause.message().to_owned())
        .unwrap_or_default()
}

fn from_sqlstate(code: &str, constraint: Option<String>, error: sqlx::Error) -> DataError {
    match (code, code.get(..2).unwrap_or_default()) {
        ("PS001" | "PS002", _) => DataError::SessionEnded,
        ("PS003", _) => DataError::AccountInactive,
        ("PS004", _) => DataError::NotApproved,
        ("PS005", _) => DataError::NoSecondFactor,
        ("PR001", _) => DataError::ReplicaBehind(error.to_string()),
        ("PB409", _) => DataError::Refused {
            reason: message(&error),
        },
        ("23505" | "23503" | "23P01", _) => DataError::Conflict {
            constraint: constraint.unwrap_or_default(),
        },
        ("42501", _) => DataError::Denied(error),
        ("57014", _) => DataError::Timeout,
        // A deadlock, a serialization failure and, on a replica, a recovery conflict.
        ("40001" | "40P01", _) => unavailable(&error),
        // A lock that others would not let go of in the time that was set.
        ("55P03", _) => unavailable(&error),
        // 08 connection, 28 a login that a rotation has not brought everywhere yet, 53 resources, 57P0x shutdown and start-up, 25006 a
        // failover left us on a read-only node.
        ("25006" | "58000" | "XX000", _) | (_, "08" | "28" | "53" | "57") => unavailable(&error),
        (_, "22" | "23") => DataError::Invalid { constraint },
        _ => DataError::Internal(error),
    }
}

fn unavailable(error: &sqlx::Error) -> DataError {
    DataError::Unavailable {
        message: error.to_string(),
        outcome_unknown: false,
    }
}

/// Whether opening a connection failed because the password is not (or no longer) right.
pub(crate) fn is_login_failure(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|cause| refuses_login(&cause.code().unwrap_or_default(), cause.message()))
}

/// PgBouncer has one SQLSTATE for all that it says, also that its server is away.
fn refuses_login(code: &str, message: &str) -> bool {
    code.starts_with("28") || code == "08P01" && message.contains("authentication failed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pooler_without_its_server_refuses_no_password() {
        assert!(refuses_login(
            "28P01",
            "password authentication failed for user \"portal_api\""
        ));
        assert!(refuses_login("08P01", "SASL authentication failed"));
        let away = "server login has been failing, try again later (server_login_retry)";
        for message in [away, "query_wait_timeout", "pgbouncer cannot connect to server"] {
            assert!(!refuses_login("08P01", message), "{message}");
        }
    }
}
