//! `GET /v1/projects/{id}/invitations`

use axum::Json;
use axum::extract::State;
use portal_data::{projects, read};
use portal_domain::ids::ProjectId;
use portal_domain::project::Invitation;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::manage;

/// Everything of a project, on one page.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvitationList {
    /// The invitations.
    items: Vec<Invitation>,
    /// Always null: there is one page.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Lists who is invited to a project; an invited member sees the own invitation alone.
#[utoipa::path(
    get,
    path = "/v1/projects/{id}/invitations",
    operation_id = "list_invitations",
    tag = "projects",
    params(("id" = ProjectId, Path, description = "The project's id.")),
    responses((status = 200, description = "Every invitation that the caller may see.", body = InvitationList)),
)]
pub(crate) async fn list_invitations(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Json<InvitationList>, Problem> {
    let id: ProjectId = path.read("id")?;
    let read = read!(portal.database(), &call.context, |tx| {
        Ok(match projects::lookup(tx, id).await? {
            Some(_) => Some(projects::list_invitations(tx, id).await?),
            None => None,
        })
    });
    let items = read?.ok_or_else(manage::unseen)?;
    Ok(Json(InvitationList {
        items,
        next_cursor: None,
    }))
}
