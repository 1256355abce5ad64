//! The password of somebody who is signed in, asked for again before the account itself is changed.

use portal_data::accounts::{self, Account};
use portal_data::throttle::Subject;
use portal_domain::ids::SessionId;
use portal_domain::password::Password;
use portal_http::problem::Fault;
use portal_http::{Call, Problem};

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
    let (user, session) = call.sign_in()?;
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let account = accounts::lookup(&mut tx, user).await?;
    let account = account.ok_or_else(|| Problem::internal("a live session has no account"))?;
    let subjects = vec![Subject::member(&limits::PASSWORD_MEMBER, user)];
    let admitted = limits::admit(tx, &subjects, Some(user), now).await?;
    let hash = account.password_hash.as_deref();
    if !auth.hasher.verify(password.as_bytes(), hash).await?.matches {
        return Err(wrong(field, &admitted));
    }
    Ok(Owner {
        account,
        session,
        subjects,
        admitted,
    })
}

/// It is not the password, or it was until a moment ago.
pub(crate) fn wrong(field: &str, admitted: &Admitted) -> Problem {
    let fault = Fault::body(&format!("/{field}"), "is not the password of this account");
    Problem::invalid(vec![fault]).with_rate_limits(admitted.rate_limits())
}
