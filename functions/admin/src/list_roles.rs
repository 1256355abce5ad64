//! `GET /v1/admin/roles`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::read;
use portal_data::staff::roles;
use portal_domain::staff::RoleListing;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Portal, Problem, resource};
use serde::Serialize;
use utoipa::ToSchema;

use crate::permitted::permit;

/// The roles that there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Roles {
    /// The roles, by name.
    items: Vec<RoleListing>,
}

/// Lists the roles, what each allows and how many hold it. There are few, on one page.
#[utoipa::path(
    get,
    path = "/v1/admin/roles",
    operation_id = "list_roles",
    tag = "admin",
    responses(
        (status = 200, description = "The roles.", body = Roles,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn list_roles(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let items = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        roles::list(tx).await
    });
    // No version: the tag is that of the contents.
    resource::respond(&headers, 0, &Roles { items: items? })
}
