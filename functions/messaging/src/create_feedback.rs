//! `POST /v1/feedback`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::{DataError, feedback};
use portal_domain::feedback::{Feedback, NewFeedback};
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, Portal, Problem, turns};

use crate::feedback_body::FeedbackBody;

/// Opens a ticket.
#[utoipa::path(
    post,
    path = "/v1/feedback",
    operation_id = "create_feedback",
    tag = "feedback",
    params(IdempotencyKey),
    request_body = NewFeedback,
    responses(
        (status = 201, description = "The ticket.", body = Feedback, headers(
            ("Location" = String, description = "Where the ticket is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "A request with the same `Idempotency-Key` is still running."),
    ),
)]
pub(crate) async fn create_feedback(
    State(portal): State<Portal>,
    call: Call,
    key: IdempotencyKey,
    Fields {
        value: FeedbackBody(new),
        digest,
    }: Fields<FeedbackBody>,
) -> Result<Response, Problem> {
    let me = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let rates = turns::take(&mut tx, Turn::Ticket).await?;
    let id = feedback::add(&mut tx, me, &new).await?;
    let ticket = feedback::lookup(&mut tx, id).await?.ok_or(DataError::NotFound)?;
    let answer = Answer::created(&format!("/v1/feedback/{id}"), ticket.version, &ticket)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok((rates, answer.respond(tx.commit().await?)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "NewFeedback");
        assert_eq!(portal_http::fields::names::<FeedbackBody>(), documented);
    }
}
