//! `GET /v1/members/me/sensitive`

use axum::Json;
use axum::extract::State;
use portal_data::{read, secure_data};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Problem};

use crate::sensitive::SensitiveExcerpts;
use crate::state::Directory;

/// Shows the last digits of the caller's tax numbers and bank details.
#[utoipa::path(
    get,
    path = "/v1/members/me/sensitive",
    operation_id = "show_sensitive_data",
    tag = "members",
    responses((status = 200, description = "The last digits of what is kept.", body = SensitiveExcerpts)),
)]
pub(crate) async fn show_sensitive_data(
    State(state): State<Directory>,
    call: Call,
    _: Query<NoParameters>,
) -> Result<Json<SensitiveExcerpts>, Problem> {
    let user = call.member()?;
    let kept = read!(state.portal.database(), &call.context, |tx| secure_data::list(
        tx,
        &state.sealer,
        user
    )
    .await)?;
    Ok(Json(kept.into()))
}
