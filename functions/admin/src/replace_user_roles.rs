//! `PUT /v1/admin/users/{id}/roles`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::Tx;
use portal_data::staff::{accounts, roles};
use portal_domain::ids::UserId;
use portal_domain::staff::{AccountDetails, Grants, Powers, Reason, RoleGrant, judge_grants};
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::problem::Fault;
use portal_http::{Call, PathParameters, Problem, etag};
use serde_json::json;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::account;
use crate::permitted::{GIVE_ROLES, SEE_USERS, begin_alone, forbidden};
use crate::state::Admin;

/// How many roles an account holds at most.
const MOST: usize = 50;

/// The roles that an account is to hold, all of them.
#[derive(Debug, ToSchema)]
pub(crate) struct RolesBody {
    /// The roles, each once.
    #[schema(max_items = 50)]
    roles: Vec<RoleGrant>,
    /// Why, for the record of what staff do.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: Reason,
}

impl FromFields for RolesBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let roles: Option<Vec<RoleGrant>> = fields.required("roles");
        let reason = fields.required("reason");
        let roles = roles?;
        if roles.len() > MOST {
            fields.fault("roles", format!("must be at most {MOST} roles"));
        }
        let twice = |grant: &&RoleGrant| roles.iter().filter(|other| other.role == grant.role).count() > 1;
        if let Some(grant) = roles.iter().find(twice) {
            fields.fault("roles", format!("names {} more than once", grant.role));
        }
        Some(Self {
            roles,
            reason: reason?,
        })
    }
}

/// Replaces the roles of an account. Nobody gives or takes a role that allows what they may not do themselves, and one administrator
/// without an end stays.
#[utoipa::path(
    put,
    path = "/v1/admin/users/{id}/roles",
    operation_id = "replace_user_roles",
    tag = "admin",
    params(("id" = UserId, Path, description = "The account's id.")),
    request_body(content = RolesBody, example = json!({"roles": [{"role": "member"}], "reason": "Left the committee"})),
    responses(
        (status = 200, description = "The account as it is now.", body = AccountDetails,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "Nobody would be an administrator any more."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn replace_user_roles(
    State(state): State<Admin>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    Fields { value: body, .. }: Fields<RolesBody>,
) -> Result<Response, Problem> {
    let id: UserId = path.read("id")?;
    let mut tx = begin_alone(&state.portal, &call, &[SEE_USERS, GIVE_ROLES]).await?;
    let before = accounts::lookup(&mut tx, id).await?.ok_or_else(account::unseen)?;
    etag::guard(&headers, before.version)?;
    let held = roles::held_by(&mut tx, id).await?;
    let wanted = Grants(body.roles);
    judge(&mut tx, &held, &wanted, state.now()).await?;
    roles::replace(&mut tx, call.member()?, id, &wanted).await?;
    let details = json!({ "before": held.0, "after": wanted.0 });
    account::done(tx, &call, ("roles.assign", id), &body.reason, &details).await
}

/// Whether the caller may bring an account from some roles to others.
async fn judge(tx: &mut Tx, held: &Grants, wanted: &Grants, now: OffsetDateTime) -> Result<(), Problem> {
    let allowed = roles::allowed(tx).await?;
    let mut faults = Vec::new();
    for (number, grant) in wanted.0.iter().enumerate() {
        if !allowed.contains_key(&grant.role) {
            faults.push(Fault::body(
                &format!("/roles/{number}/role"),
                "there is no role of this name",
            ));
        }
        let is_new = !held.0.contains(grant);
        if is_new && grant.expires_at.is_some_and(|at| at.0 <= now) {
            faults.push(Fault::body(
                &format!("/roles/{number}/expiresAt"),
                "must be in the future",
            ));
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let own = roles::own_reach(tx).await?;
    let of = |role: &_| allowed.get(role).cloned().unwrap_or_else(Powers::new);
    judge_grants(&own, held, wanted, of).map_err(|refusal| forbidden(&refusal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "RolesBody");
        assert_eq!(portal_http::fields::names::<RolesBody>(), documented);
    }
}
