//! What staff routes take, and how they begin.

use portal_data::{DataError, Tx, permissions, staff};
use portal_http::{Call, Portal, Problem, ProblemKind};

/// To see every account.
pub(crate) const SEE_USERS: &str = "users.read";
/// To approve, suspend and merge accounts.
pub(crate) const RUN_USERS: &str = "users.manage";
/// To give roles, and to edit them.
pub(crate) const GIVE_ROLES: &str = "roles.manage";
/// To answer tickets.
pub(crate) const TICKETS: &str = "feedback.manage";
/// To decide on reported messages.
pub(crate) const REPORTS: &str = "messages.moderate";
/// To see what the reconciliation has found.
pub(crate) const SEE_FINDINGS: &str = "payments.read";
/// To say that it was put right.
pub(crate) const RESOLVE_FINDINGS: &str = "payments.manage";

/// Begins a change that takes some permissions.
///
/// # Errors
/// A 403 problem where the caller lacks one.
pub(crate) async fn begin(portal: &Portal, call: &Call, wanted: &[&'static str]) -> Result<Tx, Problem> {
    let mut tx = portal.database().begin(&call.context).await?;
    for permission in wanted.iter().copied() {
        permissions::require(&mut tx, permission).await?;
    }
    Ok(tx)
}

/// Begins a change of what staff may do, or of who they are: one after the other, with permissions that are read when nobody can change
/// them any more.
///
/// # Errors
/// As [`begin`], and a 401 problem where the caller's account was closed by whoever was waited for.
pub(crate) async fn begin_alone(
    portal: &Portal,
    call: &Call,
    wanted: &[&'static str],
) -> Result<Tx, Problem> {
    let mut tx = begin(portal, call, wanted).await?;
    staff::hold(&mut tx).await?;
    for permission in wanted.iter().copied() {
        permissions::require(&mut tx, permission).await?;
    }
    Ok(tx)
}

/// Refuses a caller without the permission that the table of routes names for this one. The database asks for it once more, by its
/// policies.
///
/// # Errors
/// [`DataError::NotPermitted`], and those of the query.
pub(crate) async fn permit(tx: &mut Tx, call: &Call) -> Result<(), DataError> {
    match call.route.permission {
        Some(permission) => permissions::require(tx, permission).await,
        None => Ok(()),
    }
}

/// What a rule of the domain refuses, as the state of things that it is.
pub(crate) fn conflict(refusal: &dyn std::fmt::Display) -> Problem {
    Problem::new(ProblemKind::Conflict, refusal.to_string())
}

/// What is not the caller's to do.
pub(crate) fn forbidden(refusal: &dyn std::fmt::Display) -> Problem {
    Problem::new(ProblemKind::Forbidden, refusal.to_string())
}
