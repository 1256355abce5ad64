//! `GET /v1/admin/roles/{name}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::read;
use portal_data::staff::roles;
use portal_domain::staff::{RoleListing, RoleName};
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::permitted::permit;
use crate::role_body::unseen;

/// Shows a role.
#[utoipa::path(
    get,
    path = "/v1/admin/roles/{name}",
    operation_id = "show_role",
    tag = "admin",
    params(("name" = RoleName, Path, description = "The role's name.")),
    responses(
        (status = 200, description = "The role.", body = RoleListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_role(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let name: RoleName = path.read("name")?;
    let found = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        roles::lookup(tx, &name).await
    });
    let found = found?.ok_or_else(unseen)?;
    resource::respond(&headers, found.version, &found)
}
