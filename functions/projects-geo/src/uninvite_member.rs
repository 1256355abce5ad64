//! `DELETE /v1/projects/{id}/invitations`

use axum::extract::State;
use axum::response::Response;
use portal_data::projects;
use portal_domain::ids::{ProjectId, UserId};
use portal_http::answer::Answer;
use portal_http::query::{FromQuery, Query, QueryReader};
use portal_http::{Call, PathParameters, Portal, Problem};
use utoipa::IntoParams;

use crate::manage;

/// Whose invitation.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct InvitedMember {
    /// The member.
    member_id: UserId,
}

impl FromQuery for InvitedMember {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            member_id: query.required("memberId")?,
        })
    }
}

/// Takes an invitation back.
#[utoipa::path(
    delete,
    path = "/v1/projects/{id}/invitations",
    operation_id = "uninvite_member",
    tag = "projects",
    params(("id" = ProjectId, Path, description = "The project's id."), InvitedMember),
    responses((status = 204, description = "The member is no longer invited.")),
)]
pub(crate) async fn uninvite_member(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    Query(invited): Query<InvitedMember>,
) -> Result<Response, Problem> {
    let id: ProjectId = path.read("id")?;
    let mut tx = portal.database().begin(&call.context).await?;
    manage::hold(&mut tx, id).await?;
    projects::uninvite(&mut tx, id, invited.member_id).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
