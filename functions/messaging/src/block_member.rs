//! `POST /v1/blocks/{memberId}`

use axum::extract::State;
use axum::response::Response;
use portal_data::blocks;
use portal_domain::ids::UserId;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind};

/// Takes no more messages of a member, who is not told. Once is enough.
#[utoipa::path(
    post,
    path = "/v1/blocks/{memberId}",
    operation_id = "block_member",
    tag = "messages",
    params(("memberId" = UserId, Path, description = "The member's id.")),
    responses(
        (status = 204, description = "The member is blocked."),
        (status = 409, description = "The member is the caller."),
    ),
)]
pub(crate) async fn block_member(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
) -> Result<Response, Problem> {
    let blocked: UserId = path.read("memberId")?;
    let me = call.member()?;
    if blocked == me {
        return Err(Problem::new(ProblemKind::Conflict, "Nobody blocks themselves."));
    }
    let mut tx = portal.database().begin(&call.context).await?;
    if !blocks::add(&mut tx, me, blocked).await? {
        return Err(Problem::not_found("There is no member by this id."));
    }
    Ok(Answer::nothing().respond(tx.commit().await?))
}
