//! `GET /v1/members/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{members, read};
use portal_domain::ids::UserId;
use portal_domain::listing::MemberListing;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

/// Shows one approved member, without what the member hides from the caller.
#[utoipa::path(
    get,
    path = "/v1/members/{id}",
    operation_id = "show_member",
    tag = "members",
    params(("id" = UserId, Path, description = "The member's id.")),
    responses(
        (status = 200, description = "The member.", body = MemberListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_member(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let id: UserId = path.read("id")?;
    let found = read!(portal.database(), &call.context, |tx| members::lookup(tx, id)
        .await)?;
    let found = found.ok_or_else(|| Problem::not_found("The directory shows no member by this id."))?;
    resource::respond(&headers, found.version, &found.member)
}
