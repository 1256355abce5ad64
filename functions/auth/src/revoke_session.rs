//! `DELETE /v1/auth/sessions/{id}`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use portal_data::sign_ins::{self, Ended};
use portal_domain::ids::SessionId;
use portal_http::call::Written;
use portal_http::{Call, PathParameters, Problem};

use crate::Auth;

/// Ends one of the caller's sign-ins, at once and everywhere.
#[utoipa::path(
    delete,
    path = "/v1/auth/sessions/{id}",
    operation_id = "revoke_session",
    tag = "auth",
    params(("id" = SessionId, Path, description = "The sign-in's id.")),
    responses((status = 204, description = "The sign-in has ended.")),
)]
pub(crate) async fn revoke_session(
    State(auth): State<Auth>,
    call: Call,
    path: PathParameters,
) -> Result<Response, Problem> {
    let user = call.member()?;
    let session: SessionId = path.read("id")?;
    let mut tx = auth.portal.database().begin(&call.context).await?;
    if !sign_ins::end(&mut tx, user, session, Ended::Revoked, auth.now()).await? {
        tx.rollback().await?;
        return Err(Problem::not_found("You have no live sign-in by this id."));
    }
    Ok((StatusCode::NO_CONTENT, Written(tx.commit().await?), ()).into_response())
}
