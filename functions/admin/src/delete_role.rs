//! `DELETE /v1/admin/roles/{name}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::DataError;
use portal_data::staff::actions::{self, Target};
use portal_data::staff::roles;
use portal_domain::staff::{Powers, RoleName, judge_edit};
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::{Call, PathParameters, Portal, Problem, etag};
use serde_json::json;

use crate::permitted::{GIVE_ROLES, SEE_USERS, begin_alone, conflict, forbidden};
use crate::reason_body::ReasonBody;
use crate::role_body::unseen;

/// Deletes a role that did not come with the system, and takes it from all who hold it.
#[utoipa::path(
    delete,
    path = "/v1/admin/roles/{name}",
    operation_id = "delete_role",
    tag = "admin",
    params(("name" = RoleName, Path, description = "The role's name.")),
    request_body = ReasonBody,
    responses(
        (status = 204, description = "There is no such role any more."),
        (status = 409, description = "It came with the system, or an announcement is for who holds it."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn delete_role(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    Fields { value: body, .. }: Fields<ReasonBody>,
) -> Result<Response, Problem> {
    let name: RoleName = path.read("name")?;
    let mut tx = begin_alone(&portal, &call, &[SEE_USERS, GIVE_ROLES]).await?;
    let before = roles::lock(&mut tx, &name).await?.ok_or_else(unseen)?;
    etag::guard(&headers, before.version)?;
    if before.is_system {
        return Err(conflict(&"This role came with the system: it stays."));
    }
    let allowed: Powers = before.permissions.iter().cloned().collect();
    let own = roles::own_reach(&mut tx).await?;
    judge_edit(&own, &name, &allowed, &Powers::new()).map_err(|refusal| forbidden(&refusal))?;
    roles::delete(&mut tx, &name).await.map_err(|error| match error {
        DataError::Conflict { .. } => {
            conflict(&"An announcement is for who holds this role: delete that first.")
        }
        other => other.into(),
    })?;
    let target = Target::Row {
        table: "roles",
        id: name.to_string(),
        member: None,
    };
    let details = json!({ "permissions": before.permissions, "holders": before.holder_count });
    actions::add(
        &mut tx,
        call.member()?,
        "roles.delete",
        &target,
        &body.reason,
        &details,
    )
    .await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
