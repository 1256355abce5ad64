//! `POST /v1/admin/users/{id}/approve`

use axum::extract::State;
use axum::response::Response;
use portal_data::staff::accounts;
use portal_domain::ids::UserId;
use portal_domain::staff::AccountDetails;
use portal_domain::zone::ZoneName;
use portal_http::fields::Fields;
use portal_http::{Call, PathParameters, Problem};
use serde_json::json;

use crate::account;
use crate::permitted::{RUN_USERS, SEE_USERS, begin_alone, conflict};
use crate::reason_body::ReasonBody;
use crate::state::Admin;

/// Approves an account that waits: from now on it is a member's, with the role that every member has, and its owner gets a mail.
#[utoipa::path(
    post,
    path = "/v1/admin/users/{id}/approve",
    operation_id = "approve_user",
    tag = "admin",
    params(("id" = UserId, Path, description = "The account's id.")),
    request_body = ReasonBody,
    responses(
        (status = 200, description = "The account as it is now.", body = AccountDetails,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "It does not wait for approval, its address has not been confirmed, or it is the own one."),
    ),
)]
pub(crate) async fn approve_user(
    State(state): State<Admin>,
    call: Call,
    path: PathParameters,
    Fields { value: body, .. }: Fields<ReasonBody>,
) -> Result<Response, Problem> {
    let id: UserId = path.read("id")?;
    let mut tx = begin_alone(&state.portal, &call, &[SEE_USERS, RUN_USERS]).await?;
    let before = account::hold(&mut tx, &call, id).await?;
    before
        .status
        .approve(before.is_verified)
        .map_err(|refusal| conflict(&refusal))?;
    // The day where the association is, as on certificates.
    let now = state.now();
    let today = ZoneName::default().on_its_clocks(now).date();
    accounts::approve(&mut tx, id, now, today).await?;
    account::done(
        tx,
        &call,
        ("users.approve", id),
        &body.reason,
        &json!({ "was": before.status }),
    )
    .await
}
