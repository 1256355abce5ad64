//! A role as an administrator sends it.

use portal_data::Tx;
use portal_data::staff::roles;
use portal_domain::staff::{PermissionName, Powers, Reason, RoleDetails, RoleName, judge_edit};
use portal_http::Problem;
use portal_http::fields::{FieldReader, FromFields};
use portal_http::problem::Fault;
use utoipa::ToSchema;

use crate::permitted::forbidden;

/// How many permissions a role names at most.
const MOST: usize = 100;

/// What a role becomes, and why.
#[derive(Debug)]
pub(crate) struct RoleChange {
    pub(crate) details: RoleDetails,
    pub(crate) reason: Reason,
}

/// The same as it is documented.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(crate) struct RoleBody {
    /// Whom it is for.
    #[schema(value_type = String, min_length = 1, max_length = 300)]
    description: String,
    /// What it allows; all of it, each once.
    #[schema(max_items = 100)]
    permissions: Vec<PermissionName>,
    /// Why, for the record of what staff do.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: String,
}

impl FromFields for RoleChange {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let details = details(fields);
        let reason = fields.required("reason");
        Some(Self {
            details: details?,
            reason: reason?,
        })
    }
}

/// Reads the description and the permissions of a role.
pub(crate) fn details(fields: &mut FieldReader) -> Option<RoleDetails> {
    let description = fields.required("description");
    let permissions: Option<Vec<_>> = fields.required("permissions");
    if permissions
        .as_ref()
        .is_some_and(|permissions| permissions.len() > MOST)
    {
        fields.fault("permissions", format!("must be at most {MOST} permissions"));
    }
    Some(RoleDetails {
        description: description?,
        permissions: permissions?,
    })
}

/// What is said of a role that there is none of.
pub(crate) fn unseen() -> Problem {
    Problem::not_found("There is no role of this name.")
}

/// Refuses permissions that there are none of, and what the caller may not put in or take out.
///
/// # Errors
/// 403 and 422 problems.
pub(crate) async fn judge(
    tx: &mut Tx,
    name: &RoleName,
    before: &Powers,
    details: &RoleDetails,
) -> Result<(), Problem> {
    let known: Powers = roles::permissions(tx)
        .await?
        .into_iter()
        .map(|permission| permission.name)
        .collect();
    let unknown = details
        .permissions
        .iter()
        .enumerate()
        .filter(|(_, permission)| !known.contains(*permission));
    let faults: Vec<_> = unknown
        .map(|(number, _)| {
            Fault::body(
                &format!("/permissions/{number}"),
                "there is no permission of this name",
            )
        })
        .collect();
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let after: Powers = details.permissions.iter().cloned().collect();
    let own = roles::own_reach(tx).await?;
    judge_edit(&own, name, before, &after).map_err(|refusal| forbidden(&refusal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "RoleBody");
        assert_eq!(portal_http::fields::names::<RoleChange>(), documented);
    }
}
