//! `POST /v1/membership/invitations/{id}/accept`

use axum::extract::State;
use axum::response::Response;
use portal_data::memberships;
use portal_domain::ids::InvitationId;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem};

/// Makes the caller one of those whom a company's membership covers, who have invited the caller's verified address.
#[utoipa::path(
    post,
    path = "/v1/membership/invitations/{id}/accept",
    operation_id = "accept_membership_invitation",
    tag = "membership",
    params(("id" = InvitationId, Path, description = "The invitation's id.")),
    responses(
        (status = 204, description = "The membership covers the caller now."),
        (status = 409, description = "The membership covers nobody else any more, or the caller already."),
    ),
)]
pub(crate) async fn accept_membership_invitation(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: InvitationId = path.read("id")?;
    let mut tx = portal.database().begin(&call.context).await?;
    memberships::accept(&mut tx, id).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
