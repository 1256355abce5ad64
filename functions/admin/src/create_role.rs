//! `POST /v1/admin/roles`

use axum::extract::State;
use axum::response::Response;
use portal_data::DataError;
use portal_data::staff::actions::{self, Target};
use portal_data::staff::roles;
use portal_domain::staff::{PermissionName, Powers, Reason, RoleDetails, RoleListing, RoleName};
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, Portal, Problem};
use serde_json::json;
use utoipa::ToSchema;

use crate::permitted::{GIVE_ROLES, SEE_USERS, begin_alone, conflict};
use crate::role_body::{self, judge};

/// A new role, and why.
#[derive(Debug)]
pub(crate) struct NewRole {
    name: RoleName,
    details: RoleDetails,
    reason: Reason,
}

/// The same as it is documented.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(crate) struct NewRoleBody {
    /// Its name.
    name: RoleName,
    /// Whom it is for.
    #[schema(value_type = String, min_length = 1, max_length = 300)]
    description: String,
    /// What it allows; each once.
    #[schema(max_items = 100)]
    permissions: Vec<PermissionName>,
    /// Why, for the record of what staff do.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: String,
}

impl FromFields for NewRole {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let name = fields.required("name");
        let details = role_body::details(fields);
        let reason = fields.required("reason");
        Some(Self {
            name: name?,
            details: details?,
            reason: reason?,
        })
    }
}

/// Makes a role. It allows nothing that the caller may not do.
#[utoipa::path(
    post,
    path = "/v1/admin/roles",
    operation_id = "create_role",
    tag = "admin",
    params(IdempotencyKey),
    request_body(content = NewRoleBody, example = json!({
        "name": "door_keeper", "description": "Checks people in", "permissions": ["events.manage"], "reason": "The gala needs five of them"
    })),
    responses(
        (status = 201, description = "The role.", body = RoleListing, headers(
            ("Location" = String, description = "Where the role is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "There is a role of this name, or a request with the same key is still running."),
    ),
)]
pub(crate) async fn create_role(
    State(portal): State<Portal>,
    call: Call,
    key: IdempotencyKey,
    Fields { value: new, digest }: Fields<NewRole>,
) -> Result<Response, Problem> {
    let mut tx = begin_alone(&portal, &call, &[SEE_USERS, GIVE_ROLES]).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    judge(&mut tx, &new.name, &Powers::new(), &new.details).await?;
    if !roles::add(&mut tx, &new.name, &new.details).await? {
        return Err(conflict(&format!("There is a role {} already.", new.name)));
    }
    let role = roles::lookup(&mut tx, &new.name)
        .await?
        .ok_or(DataError::NotFound)?;
    let target = Target::Row {
        table: "roles",
        id: new.name.to_string(),
        member: None,
    };
    let details = json!({ "permissions": role.permissions });
    actions::add(
        &mut tx,
        call.member()?,
        "roles.create",
        &target,
        &new.reason,
        &details,
    )
    .await?;
    let answer = Answer::created(&format!("/v1/admin/roles/{}", new.name), role.version, &role)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "NewRoleBody");
        assert_eq!(portal_http::fields::names::<NewRole>(), documented);
    }
}
