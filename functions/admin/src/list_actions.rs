//! `GET /v1/admin/actions`

use axum::extract::State;
use axum::response::Response;
use portal_data::read;
use portal_data::staff::actions::{self, ActionFilters, ActionPosition};
use portal_domain::ids::UserId;
use portal_domain::listing::Moment;
use portal_domain::staff::{ActionListing, PermissionName};
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use utoipa::IntoParams;

use crate::permitted::permit;

/// What actions to show. Different names narrow each other.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ActionParameters {
    /// Of this member of staff.
    #[param(nullable = false)]
    actor: Option<UserId>,
    /// Done to this account.
    #[param(nullable = false)]
    target: Option<UserId>,
    /// What was done, such as `users.suspend`; a name that is repeated means any of its values.
    #[param(value_type = Vec<PermissionName>, required = false)]
    action: Vec<PermissionName>,
    /// From then on.
    #[param(nullable = false)]
    from: Option<Moment>,
    /// Before then.
    #[param(nullable = false)]
    to: Option<Moment>,
}

impl FromQuery for ActionParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let parameters = Self {
            actor: query.one("actor"),
            target: query.one("target"),
            action: query.many("action"),
            from: query.one("from"),
            to: query.one("to"),
        };
        if let (Some(from), Some(to)) = (parameters.from, parameters.to)
            && from >= to
        {
            query.fault("to", "must be after from");
        }
        Some(parameters)
    }
}

/// Lists what staff did, the latest first.
#[utoipa::path(
    get,
    path = "/v1/admin/actions",
    operation_id = "list_actions",
    tag = "admin",
    params(ActionParameters, PageParameters),
    responses((status = 200, description = "A page of actions.", body = List<ActionListing>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_actions(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<ActionParameters>,
) -> Result<Response, Problem> {
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<ActionPosition> = page.position(&keys)?;
    let filters = ActionFilters {
        actor: filters.actor,
        target: filters.target,
        actions: filters.action.iter().map(ToString::to_string).collect(),
        from: filters.from.map(|at| at.0),
        to: filters.to.map(|at| at.0),
    };
    let read = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        let rows = actions::list(tx, &filters, after, page.rows()).await?;
        let total = actions::count(tx, &filters, page.counting()).await?;
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, ActionPosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_actions");
        assert_eq!(ListQuery::<ActionParameters>::names(), documented);
    }
}
