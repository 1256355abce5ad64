//! `GET /v1/admin/permissions`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::read;
use portal_data::staff::roles;
use portal_domain::staff::PermissionListing;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Portal, Problem, resource};
use serde::Serialize;
use utoipa::ToSchema;

use crate::permitted::permit;

/// What can be allowed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Permissions {
    /// The permissions, by name.
    items: Vec<PermissionListing>,
}

/// Lists what roles can allow. There is little, on one page.
#[utoipa::path(
    get,
    path = "/v1/admin/permissions",
    operation_id = "list_permissions",
    tag = "admin",
    responses(
        (status = 200, description = "The permissions.", body = Permissions,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn list_permissions(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let items = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        roles::permissions(tx).await
    });
    // No version: the tag is that of the contents.
    resource::respond(&headers, 0, &Permissions { items: items? })
}
