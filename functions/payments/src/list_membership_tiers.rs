//! `GET /v1/membership/tiers`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{memberships, read};
use portal_domain::listing::TierListing;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Portal, Problem, resource};
use serde::Serialize;
use utoipa::ToSchema;

/// What can be bought.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tiers {
    /// The tiers, the cheapest first.
    items: Vec<TierListing>,
}

/// Lists the memberships that can be bought. There are few, on one page.
#[utoipa::path(
    get,
    path = "/v1/membership/tiers",
    operation_id = "list_membership_tiers",
    tag = "membership",
    responses(
        (status = 200, description = "The tiers.", body = Tiers,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn list_membership_tiers(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let items = read!(portal.database(), &call.context, |tx| memberships::list_tiers(tx)
        .await)?;
    // No version: the tag is that of the contents.
    resource::respond(&headers, 0, &Tiers { items })
}
