//! What the routes about the caller's own profile share.

use portal_domain::Caller;
use portal_domain::ids::UserId;
use portal_http::{Call, Problem};

/// Who asks, on a route that takes a sign-in.
///
/// # Errors
/// A 500 problem where the table of routes lets anonymous callers through.
pub(crate) fn caller(call: &Call) -> Result<UserId, Problem> {
    match call.context.caller {
        Caller::Member { user_id, .. } => Ok(user_id),
        Caller::Anonymous => Err(Problem::internal("a route for members has an anonymous caller")),
    }
}
