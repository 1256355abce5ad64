//! `GET /v1/admin/users/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::read;
use portal_data::staff::accounts;
use portal_domain::ids::UserId;
use portal_domain::staff::AccountDetails;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::account::unseen;
use crate::permitted::permit;

/// Shows an account: its roles, how many devices are signed in, the licence, the membership, when it was last signed in to, and why it is
/// suspended.
#[utoipa::path(
    get,
    path = "/v1/admin/users/{id}",
    operation_id = "show_user",
    tag = "admin",
    params(("id" = UserId, Path, description = "The account's id.")),
    responses(
        (status = 200, description = "The account.", body = AccountDetails,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_user(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let id: UserId = path.read("id")?;
    let found = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        accounts::details(tx, id).await
    });
    let found = found?.ok_or_else(unseen)?;
    resource::respond(&headers, found.account.version, &found)
}
