//! The one place where errors of the data crate become problems.

use portal_data::{DataError, SecretError};

use super::{Problem, ProblemKind};

impl From<DataError> for Problem {
    /// Says what the client can do about it; what only we can mend is logged and not told.
    fn from(error: DataError) -> Self {
        match &error {
            DataError::NotFound => Self::not_found("There is nothing by this id, or you may not know of it."),
            DataError::SessionEnded => Self::new(
                ProblemKind::SessionEnded,
                "This sign-in has ended: sign in again.",
            ),
            DataError::AccountInactive => Self::new(ProblemKind::SessionEnded, "This account is not active."),
            DataError::NotApproved => Self::new(
                ProblemKind::Forbidden,
                "This is for members: the staff of the association have yet to approve your account.",
            ),
            DataError::NoSecondFactor => Self::new(
                ProblemKind::Forbidden,
                "Staff work takes a second factor: set one up under /v1/auth/mfa/totp, and sign in with it.",
            ),
            DataError::Denied(_) => {
                log(&error);
                Self::new(ProblemKind::Forbidden, "You may not do this.")
            }
            DataError::NotPermitted { permission } => Self::new(
                ProblemKind::Forbidden,
                format!("This takes the permission {permission}."),
            ),
            DataError::Conflict { .. } => Self::new(
                ProblemKind::Conflict,
                "This clashes with what is stored already: read it again.",
            ),
            DataError::Invalid { .. } => Self::new(
                ProblemKind::InvalidValues,
                "A value is out of the range that can be stored.",
            ),
            DataError::Refused { reason } => Self::new(ProblemKind::Conflict, reason.clone()),
            DataError::Timeout => Self::new(
                ProblemKind::Timeout,
                "The database took too long: try again or narrow the filters.",
            ),
            DataError::Unavailable { outcome_unknown, .. } => {
                log(&error);
                unavailable(*outcome_unknown)
            }
            DataError::ReplicaBehind(_) | DataError::Secret(SecretError::Fetch { .. }) => {
                log(&error);
                unavailable(false)
            }
            DataError::Corrupt { .. }
            | DataError::Secret(SecretError::Malformed { .. })
            | DataError::Sealing(_)
            | DataError::Internal(_) => Self::internal(&chain(&error)),
        }
    }
}

impl From<SecretError> for Problem {
    fn from(error: SecretError) -> Self {
        DataError::from(error).into()
    }
}

fn unavailable(outcome_unknown: bool) -> Problem {
    let detail = if outcome_unknown {
        "The database broke off while it was storing: read the resource to see whether the change was made."
    } else {
        "The database cannot be reached at the moment; nothing was changed."
    };
    Problem::new(ProblemKind::Unavailable, detail)
}

fn log(error: &DataError) {
    tracing::error!(cause = chain(error), "the database did not do what was asked");
}

/// The error with the causes behind it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_status_and_shows_nothing_inner() {
        let unavailable = || DataError::Unavailable {
            message: "10.0.0.7 refused".into(),
            outcome_unknown: false,
        };
        let cases = [
            (DataError::NotFound, 404),
            (DataError::SessionEnded, 401),
            (DataError::AccountInactive, 401),
            (DataError::NotApproved, 403),
            (DataError::NoSecondFactor, 403),
            (DataError::Denied(sqlx_error()), 403),
            (
                DataError::Conflict {
                    constraint: "users_email".into(),
                },
                409,
            ),
            (
                DataError::Invalid {
                    constraint: Some("users_email".into()),
                },
                422,
            ),
            (DataError::Refused { reason: "x".into() }, 409),
            (DataError::Timeout, 503),
            (unavailable(), 503),
            (DataError::ReplicaBehind("lag".into()), 503),
            (
                DataError::Corrupt {
                    table: "users",
                    reason: "x".into(),
                },
                500,
            ),
            (DataError::Internal(sqlx_error()), 500),
            (
                SecretError::Fetch {
                    id: "portal/x".into(),
                    message: "gone".into(),
                }
                .into(),
                503,
            ),
        ];
        for (error, status) in cases {
            let inner = error.to_string();
            let problem = Problem::from(error);
            assert_eq!(problem.kind().status().as_u16(), status, "{inner}");
            assert!(!problem.detail.contains("users") && !problem.detail.contains("10.0.0.7"));
            assert_eq!(problem.retry_after.is_some(), status == 503);
        }
    }

    fn sqlx_error() -> sqlx::Error {
        sqlx::Error::PoolClosed
    }
}
