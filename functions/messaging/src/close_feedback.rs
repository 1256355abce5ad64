//! `POST /v1/feedback/{id}/close`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_domain::feedback::{Feedback, FeedbackAction};
use portal_domain::ids::FeedbackId;
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::ticket::act;

/// Closes a ticket of the caller's: it is done with, solved or not.
#[utoipa::path(
    post,
    path = "/v1/feedback/{id}/close",
    operation_id = "close_feedback",
    tag = "feedback",
    params(("id" = FeedbackId, Path, description = "The ticket's id.")),
    responses(
        (status = 200, description = "The ticket as it is now.", body = Feedback,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "Its state does not allow this."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn close_feedback(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    act(&portal, &call, &headers, path.read("id")?, FeedbackAction::Close).await
}
