//! What the routes for one message share.

use portal_data::{Tx, messages};
use portal_domain::ids::MessageId;
use portal_domain::message::Message;
use portal_http::Problem;

/// What is said of a message that is neither of the caller's nor to the caller, whether or not there is one.
pub(crate) fn unseen() -> Problem {
    Problem::not_found("There is no message by this id that you may see.")
}

/// A message of the caller's, or one to the caller.
///
/// # Errors
/// A 404 problem for any other.
pub(crate) async fn find(tx: &mut Tx, id: MessageId) -> Result<Message, Problem> {
    messages::lookup(tx, id).await?.ok_or_else(unseen)
}
