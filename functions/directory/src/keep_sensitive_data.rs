//! `PUT /v1/members/me/sensitive`

use axum::extract::State;
use axum::response::Response;
use portal_data::secure_data;
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::{Call, Problem};

use crate::sensitive::{SensitiveData, SensitiveExcerpts};
use crate::state::Directory;

/// Keeps tax numbers and bank details of the caller, encrypted.
///
/// A field that is left out stays as it is; null forgets it.
#[utoipa::path(
    put,
    path = "/v1/members/me/sensitive",
    operation_id = "keep_sensitive_data",
    tag = "members",
    request_body = SensitiveData,
    responses((status = 200, description = "The last digits of what is kept now.", body = SensitiveExcerpts)),
)]
pub(crate) async fn keep_sensitive_data(
    State(state): State<Directory>,
    call: Call,
    Fields { value: data, .. }: Fields<SensitiveData>,
) -> Result<Response, Problem> {
    let user = call.member()?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    for (kind, value) in data.mentioned() {
        match value {
            Some(value) => secure_data::put(&mut tx, &state.sealer, user, &value).await?,
            None => {
                secure_data::delete(&mut tx, user, kind).await?;
            }
        }
    }
    let kept = secure_data::list(&mut tx, &state.sealer, user).await?;
    let answer = Answer::json(&SensitiveExcerpts::from(kept))?;
    Ok(answer.respond(tx.commit().await?))
}
