//! `GET /v1/membership`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{memberships, read};
use portal_domain::listing::{MembershipInvitation, MembershipListing, Moment};
use portal_domain::membership::MembershipState;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Problem, resource};
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::Payments;

/// Where a member stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MembershipBody {
    /// Whether a membership is in force: the own one, or that of the company whose people the member is among.
    is_in_force: bool,
    /// Until when the own memberships are paid for.
    #[schema(required)]
    paid_until: Option<Moment>,
    /// All own memberships, the latest first.
    history: Vec<MembershipListing>,
    /// Invitations to be covered by a company's membership.
    invitations: Vec<MembershipInvitation>,
}

/// Shows the caller's memberships: whether one is in force, until when it is paid for, and all there were.
#[utoipa::path(
    get,
    path = "/v1/membership",
    operation_id = "show_membership",
    tag = "membership",
    responses(
        (status = 200, description = "Where the caller stands.", body = MembershipBody,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_membership(
    State(state): State<Payments>,
    call: Call,
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let (me, now) = (call.member()?, state.now());
    let body = read!(state.portal.database(), &call.context, |tx| {
        let history = memberships::list(tx, me).await?;
        Ok(MembershipBody {
            is_in_force: memberships::is_in_force(tx, me, now).await?,
            paid_until: paid_until(&history),
            invitations: memberships::list_invitations(tx).await?,
            history,
        })
    });
    resource::respond(&headers, 0, &body?)
}

fn paid_until(history: &[MembershipListing]) -> Option<Moment> {
    let live =
        |one: &&MembershipListing| matches!(one.state, MembershipState::Active | MembershipState::Grace);
    let ends = history.iter().filter(live).map(|one| one.ends_at.0);
    ends.max().map(Moment)
}
