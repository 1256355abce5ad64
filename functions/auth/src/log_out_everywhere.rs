//! `POST /v1/auth/logout-all`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use portal_data::sign_ins::{self, Ended};
use portal_http::call::Written;
use portal_http::{Call, Problem};

use crate::Auth;

/// Ends every sign-in of the caller, this one too.
#[utoipa::path(
    post,
    path = "/v1/auth/logout-all",
    operation_id = "log_out_everywhere",
    tag = "auth",
    responses((status = 204, description = "Every sign-in has ended.")),
)]
pub(crate) async fn log_out_everywhere(State(auth): State<Auth>, call: Call) -> Result<Response, Problem> {
    let user = call.member()?;
    let mut tx = auth.portal.database().begin(&call.context).await?;
    sign_ins::end_all(&mut tx, user, None, Ended::SignedOut, auth.now()).await?;
    Ok((StatusCode::NO_CONTENT, Written(tx.commit().await?), ()).into_response())
}
