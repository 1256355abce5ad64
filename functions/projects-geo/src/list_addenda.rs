//! `GET /v1/projects/{id}/addenda`

use axum::Json;
use axum::extract::State;
use portal_data::{projects, read};
use portal_domain::ids::ProjectId;
use portal_domain::project::Addendum;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::manage;

/// Everything of a project, on one page.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddendumList {
    /// The addenda.
    items: Vec<Addendum>,
    /// Always null: there is one page.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Lists what has changed in a project since it was announced, the first change first.
#[utoipa::path(
    get,
    path = "/v1/projects/{id}/addenda",
    operation_id = "list_addenda",
    tag = "projects",
    params(("id" = ProjectId, Path, description = "The project's id.")),
    responses((status = 200, description = "Every addendum.", body = AddendumList)),
)]
pub(crate) async fn list_addenda(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Json<AddendumList>, Problem> {
    let id: ProjectId = path.read("id")?;
    let read = read!(portal.database(), &call.context, |tx| {
        Ok(match projects::lookup(tx, id).await? {
            Some(_) => Some(projects::list_addenda(tx, id).await?),
            None => None,
        })
    });
    let items = read?.ok_or_else(manage::unseen)?;
    Ok(Json(AddendumList {
        items,
        next_cursor: None,
    }))
}
