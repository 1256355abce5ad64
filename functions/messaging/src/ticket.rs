//! What the routes for tickets share.

use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{DataError, Tx, feedback};
use portal_domain::feedback::{Feedback, FeedbackAction};
use portal_domain::ids::FeedbackId;
use portal_http::answer::Answer;
use portal_http::{Call, Portal, Problem, ProblemKind, etag};

/// What is said of a ticket of somebody else's, whether or not there is one.
pub(crate) fn unseen() -> Problem {
    Problem::not_found("You have no ticket by this id.")
}

/// Takes hold of a ticket of the caller's.
///
/// # Errors
/// A 404 problem for any other.
pub(crate) async fn hold(tx: &mut Tx, id: FeedbackId) -> Result<Feedback, Problem> {
    feedback::lock(tx, id).await?.ok_or_else(unseen)
}

/// Does one action and shows the ticket as it is then.
///
/// # Errors
/// A 409 problem where its state does not allow that, 404 and 412 as for every change.
pub(crate) async fn act(
    portal: &Portal,
    call: &Call,
    headers: &HeaderMap,
    id: FeedbackId,
    action: FeedbackAction,
) -> Result<Response, Problem> {
    let mut tx = portal.database().begin(&call.context).await?;
    let ticket = hold(&mut tx, id).await?;
    etag::guard(headers, ticket.version)?;
    let status = action
        .from(ticket.status)
        .map_err(|refusal| Problem::new(ProblemKind::Conflict, refusal.to_string()))?;
    feedback::move_to(&mut tx, id, status).await?;
    let ticket = feedback::lookup(&mut tx, id).await?.ok_or(DataError::NotFound)?;
    let answer = Answer::resource(ticket.version, &ticket)?;
    Ok(answer.respond(tx.commit().await?))
}
