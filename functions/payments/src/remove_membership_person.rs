//! `DELETE /v1/membership/people/{id}`

use axum::extract::State;
use axum::response::Response;
use portal_data::memberships;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem};
use uuid::Uuid;

/// Takes somebody out of those whom the caller's membership covers, or takes an invitation back.
#[utoipa::path(
    delete,
    path = "/v1/membership/people/{id}",
    operation_id = "remove_membership_person",
    tag = "membership",
    params(("id" = Uuid, Path, description = "The `id` in the list of people.")),
    responses((status = 204, description = "The membership does not cover this person any more.")),
)]
pub(crate) async fn remove_membership_person(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: Uuid = path.read("id")?;
    let me = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    memberships::remove_person(&mut tx, me, id).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
