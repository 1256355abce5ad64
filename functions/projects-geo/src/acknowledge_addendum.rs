//! `POST /v1/addenda/{id}/acknowledge`

use axum::extract::State;
use axum::response::Response;
use portal_data::projects;
use portal_domain::ids::AddendumId;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem};

/// Says that the caller, who has bid, has seen an addendum. Once is enough; again changes nothing.
#[utoipa::path(
    post,
    path = "/v1/addenda/{id}/acknowledge",
    operation_id = "acknowledge_addendum",
    tag = "projects",
    params(("id" = AddendumId, Path, description = "The addendum's id.")),
    responses((status = 204, description = "It is noted.")),
)]
pub(crate) async fn acknowledge_addendum(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: AddendumId = path.read("id")?;
    let bidder = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    projects::acknowledge(&mut tx, id, bidder).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
