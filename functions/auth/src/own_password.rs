//! The password of somebody who is signed in, asked for again before the account itself is changed.

use portal_data::accounts::{self, Account};
use portal_data::throttle::Subject;
use portal_domain::Caller;
use portal_domain::ids::{SessionId, UserId};
use portal_domain::password::Password;
use portal_http::problem::Fault;
use portal_http::{Call, Problem, ProblemKind};

use crate::Auth;
use crate::limits::{self, Admitted};

/// A member who has given the password.
pub(crate) struct Owner {
    /// The account.
    pub(crate) account: Account,
    /// The sign-in that the request belongs to.
    pub(crate) session: SessionId,
    /// Counted as one attempt, which is to be forgiven.
    pub(crate) subjects: Vec<Subject>,
    /// For the headers of the answer.
    pub(crate) admitted: Admitted,
}

/// Who calls, by a sign-in.
///
/// # Errors
/// A 401 problem for a caller who has not signed in, which the edge has refused before.
pub(crate) fn member(call: &Call) -> Result<(UserId, SessionId), Problem> {
    match call.context.caller {
        Caller::Member { user_id, session_id } => Ok((user_id, session_id)),
        Caller::Anonymous => Err(Problem::new(
            ProblemKind::Unauthenticated,
            "This route needs a sign-in.",
        )),
    }
}

/// Verifies the caller's password; `field` is where it stands in the body.
///
/// # Errors
/// A 422 problem when it is wrong, 429 when it has been guessed too often.
pub(crate) async fn verify(
    auth: &Auth,
    call: &Call,
    password: &Password,
    field: &str,
) -> Result<Owner, Problem> {
    let now = auth.now();
    let (user, session) = member(call)?;
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let account = accounts::lookup(&mut tx, user).await?;
    let account = account.ok_or_else(|| Problem::internal("a live session has no account"))?;
    let subjects = vec![Subject::member(&limits::PASSWORD_MEMBER, user)];
    let admitted = limits::admit(tx, &subjects, Some(user), now).await?;
    let hash = account.password_hash.as_deref();
    if !auth.hasher.verify(password.as_bytes(), hash).await?.matches {
        let fault = Fault::body(&format!("/{field}"), "is not the password of this account");
        return Err(Problem::invalid(vec![fault]).with_rate_limits(admitted.rate_limits()));
    }
    Ok(Owner {
        account,
        session,
        subjects,
        admitted,
    })
}
