//! `GET /v1/members/me`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{members, read};
use portal_domain::listing::OwnProfile;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Portal, Problem, resource};

/// Shows the caller's own profile.
#[utoipa::path(
    get,
    path = "/v1/members/me",
    operation_id = "show_own_profile",
    tag = "members",
    responses(
        (status = 200, description = "The profile.", body = OwnProfile,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_own_profile(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let user = call.member()?;
    let own = read!(portal.database(), &call.context, |tx| members::lookup_own(
        tx, user
    )
    .await)?;
    resource::respond(&headers, own.version, &own.profile)
}
