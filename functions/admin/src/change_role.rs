//! `PATCH /v1/admin/roles/{name}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::DataError;
use portal_data::staff::actions::{self, Target};
use portal_data::staff::roles;
use portal_domain::staff::{Powers, RoleListing, RoleName};
use portal_http::answer::Answer;
use portal_http::fields::MergePatch;
use portal_http::{Call, PathParameters, Portal, Problem, etag};
use serde_json::json;

use crate::permitted::{GIVE_ROLES, SEE_USERS, begin_alone};
use crate::role_body::{RoleBody, RoleChange, judge, unseen};

/// Changes whom a role is for, and what it allows. What is put in or taken out the caller has to have; the permissions of the role
/// `administrator` stay as they are. Whoever holds the role has what it allows from the next request on.
#[utoipa::path(
    patch,
    path = "/v1/admin/roles/{name}",
    operation_id = "change_role",
    tag = "admin",
    params(("name" = RoleName, Path, description = "The role's name.")),
    request_body(content(
        (RoleBody = "application/merge-patch+json"),
        (RoleBody = "application/json"),
    ), description = "A JSON Merge Patch: fields that are left out stay. `reason` is always sent."),
    responses(
        (status = 200, description = "The role as it is now.", body = RoleListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn change_role(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let name: RoleName = path.read("name")?;
    let mut tx = begin_alone(&portal, &call, &[SEE_USERS, GIVE_ROLES]).await?;
    let before = roles::lock(&mut tx, &name).await?.ok_or_else(unseen)?;
    etag::guard(&headers, before.version)?;
    let written = json!({ "description": before.description, "permissions": before.permissions });
    let RoleChange { details, reason } = patch.over(&written)?;
    let allowed: Powers = before.permissions.iter().cloned().collect();
    judge(&mut tx, &name, &allowed, &details).await?;
    roles::change(&mut tx, &name, &details).await?;
    let now = roles::lookup(&mut tx, &name).await?.ok_or(DataError::NotFound)?;
    let target = Target::Row {
        table: "roles",
        id: name.to_string(),
        member: None,
    };
    let details = json!({ "before": before.permissions, "after": now.permissions });
    actions::add(
        &mut tx,
        call.member()?,
        "roles.change",
        &target,
        &reason,
        &details,
    )
    .await?;
    let answer = Answer::resource(now.version, &now)?;
    Ok(answer.respond(tx.commit().await?))
}
