//! `GET /v1/admin/feedback/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::read;
use portal_data::staff::desk;
use portal_domain::ids::FeedbackId;
use portal_domain::staff::StaffFeedback;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::permitted::permit;

/// What is said of a ticket that there is none of.
pub(crate) fn unseen() -> Problem {
    Problem::not_found("There is no ticket by this id.")
}

/// Shows a ticket of any member.
#[utoipa::path(
    get,
    path = "/v1/admin/feedback/{id}",
    operation_id = "show_help_ticket",
    tag = "admin",
    params(("id" = FeedbackId, Path, description = "The ticket's id.")),
    responses(
        (status = 200, description = "The ticket.", body = StaffFeedback,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_help_ticket(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let id: FeedbackId = path.read("id")?;
    let found = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        desk::lookup(tx, id).await
    });
    let found = found?.ok_or_else(unseen)?;
    resource::respond(&headers, found.feedback.version, &found)
}
