//! `DELETE /v1/blocks/{memberId}`

use axum::extract::State;
use axum::response::Response;
use portal_data::blocks;
use portal_domain::ids::UserId;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem};

/// Takes messages of a member again. What the member tried to write meanwhile does not come.
#[utoipa::path(
    delete,
    path = "/v1/blocks/{memberId}",
    operation_id = "unblock_member",
    tag = "messages",
    params(("memberId" = UserId, Path, description = "The member's id.")),
    responses((status = 204, description = "The member is not blocked.")),
)]
pub(crate) async fn unblock_member(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
) -> Result<Response, Problem> {
    let blocked: UserId = path.read("memberId")?;
    let mut tx = portal.database().begin(&call.context).await?;
    blocks::remove(&mut tx, call.member()?, blocked).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
