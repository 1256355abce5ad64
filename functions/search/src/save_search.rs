//! `POST /v1/search/saved`

use axum::extract::State;
use axum::response::Response;
use portal_data::saved_searches;
use portal_domain::ids::SavedSearchId;
use portal_domain::search::SavedSearch;
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, Portal, Problem};
use uuid::Uuid;

use crate::saved_search_body::SavedSearchBody;

/// Keeps a search.
///
/// At most 50. With `alertsEnabled`, what is new from now on comes by mail, once a day at most, in one mail for all searches.
#[utoipa::path(
    post,
    path = "/v1/search/saved",
    operation_id = "save_search",
    tag = "search",
    params(IdempotencyKey),
    request_body = SavedSearchBody,
    responses(
        (status = 201, description = "The search as it is kept.", body = SavedSearch, headers(
            ("Location" = String, description = "Where the search is changed and forgotten."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "There are 50 already, or a request with the same `Idempotency-Key` is still running."),
    ),
)]
pub(crate) async fn save_search(
    State(portal): State<Portal>,
    call: Call,
    key: IdempotencyKey,
    Fields { value: body, digest }: Fields<SavedSearchBody>,
) -> Result<Response, Problem> {
    let member = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let id = SavedSearchId::from(Uuid::now_v7());
    let search = saved_searches::add(&mut tx, id, member, &body.details()).await?;
    let answer = Answer::created(&format!("/v1/search/saved/{id}"), search.version, &search)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok(answer.respond(tx.commit().await?))
}
