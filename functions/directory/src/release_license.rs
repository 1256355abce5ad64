//! `DELETE /v1/members/me/license`

use axum::extract::State;
use axum::response::Response;
use portal_data::members;
use portal_http::answer::Answer;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Portal, Problem};

/// Gives the caller's licence back: its firm is no member of the association any more.
#[utoipa::path(
    delete,
    path = "/v1/members/me/license",
    operation_id = "release_license",
    tag = "members",
    responses(
        (status = 204, description = "The licence is nobody's now."),
        (status = 404, description = "The caller has claimed no licence."),
    ),
)]
pub(crate) async fn release_license(
    State(portal): State<Portal>,
    call: Call,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let mut tx = portal.database().begin(&call.context).await?;
    if members::release_license(&mut tx).await?.is_none() {
        return Err(Problem::not_found("You have claimed no licence."));
    }
    Ok(Answer::nothing().respond(tx.commit().await?))
}
