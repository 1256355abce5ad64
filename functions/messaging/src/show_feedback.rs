//! `GET /v1/feedback/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{feedback, read};
use portal_domain::feedback::Feedback;
use portal_domain::ids::FeedbackId;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::ticket;

/// Shows a ticket of the caller's.
#[utoipa::path(
    get,
    path = "/v1/feedback/{id}",
    operation_id = "show_feedback",
    tag = "feedback",
    params(("id" = FeedbackId, Path, description = "The ticket's id.")),
    responses((status = 200, description = "The ticket.", body = Feedback,
        headers(("ETag" = String, description = "The entity tag of this representation.")))),
)]
pub(crate) async fn show_feedback(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let id: FeedbackId = path.read("id")?;
    let read = read!(portal.database(), &call.context, |tx| feedback::lookup(tx, id)
        .await);
    let ticket = read?.ok_or_else(ticket::unseen)?;
    resource::respond(&headers, ticket.version, &ticket)
}
