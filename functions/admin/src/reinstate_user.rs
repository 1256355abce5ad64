//! `POST /v1/admin/users/{id}/reinstate`

use axum::extract::State;
use axum::response::Response;
use portal_data::staff::accounts;
use portal_domain::ids::UserId;
use portal_domain::staff::AccountDetails;
use portal_http::fields::Fields;
use portal_http::{Call, PathParameters, Problem};
use serde_json::json;

use crate::account;
use crate::permitted::{RUN_USERS, SEE_USERS, begin_alone, conflict};
use crate::reason_body::ReasonBody;
use crate::state::Admin;

/// Opens a suspended account again. Its owner signs in anew.
#[utoipa::path(
    post,
    path = "/v1/admin/users/{id}/reinstate",
    operation_id = "reinstate_user",
    tag = "admin",
    params(("id" = UserId, Path, description = "The account's id.")),
    request_body = ReasonBody,
    responses(
        (status = 200, description = "The account as it is now.", body = AccountDetails,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "It is not suspended, or the own one."),
    ),
)]
pub(crate) async fn reinstate_user(
    State(state): State<Admin>,
    call: Call,
    path: PathParameters,
    Fields { value: body, .. }: Fields<ReasonBody>,
) -> Result<Response, Problem> {
    let id: UserId = path.read("id")?;
    let mut tx = begin_alone(&state.portal, &call, &[SEE_USERS, RUN_USERS]).await?;
    let before = account::hold(&mut tx, &call, id).await?;
    before.status.reinstate().map_err(|refusal| conflict(&refusal))?;
    accounts::reinstate(&mut tx, id).await?;
    account::done(
        tx,
        &call,
        ("users.reinstate", id),
        &body.reason,
        &json!({ "was": before.status }),
    )
    .await
}
