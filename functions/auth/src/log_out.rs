//! `POST /v1/auth/logout`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use portal_data::sign_ins::{self, Ended};
use portal_http::call::Written;
use portal_http::fields::Fields;
use portal_http::{Call, Problem};

use crate::Auth;
use crate::refresh_session::RefreshRequest;
use crate::refresh_token::RefreshToken;

/// Ends the sign-in of a refresh token, at once and everywhere. A token that is good no more has nothing left to end, so that is no
/// error (as in RFC 7009, section 2.2).
#[utoipa::path(
    post,
    path = "/v1/auth/logout",
    operation_id = "log_out",
    tag = "auth",
    request_body = RefreshRequest,
    responses((status = 204, description = "The sign-in has ended.")),
)]
pub(crate) async fn log_out(
    State(auth): State<Auth>,
    call: Call,
    Fields { value: request, .. }: Fields<RefreshRequest>,
) -> Result<Response, Problem> {
    let now = auth.now();
    let Some(token) = RefreshToken::parse(&request.refresh_token) else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let mut tx = auth.portal.database().begin(&call.context).await?;
    if let Some(family) = sign_ins::lock(&mut tx, token.session, now).await? {
        let hash = token.hash();
        let is_kept = hash == family.current_hash || family.previous_hash.as_ref() == Some(&hash);
        // An older token ends the family too: whoever has it had better not be signed in by its successors.
        if is_kept || token.is_ours(&auth.refresh_keys).await? {
            sign_ins::end(&mut tx, family.user, token.session, Ended::SignedOut, now).await?;
        }
    }
    Ok((StatusCode::NO_CONTENT, Written(tx.commit().await?), ()).into_response())
}
