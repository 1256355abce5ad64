//! `DELETE /v1/search/saved/{id}`

use axum::extract::State;
use axum::response::Response;
use portal_data::{DataError, saved_searches};
use portal_domain::ids::SavedSearchId;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem};

/// What is said of a search that is not the caller's, whether or not there is one.
pub(crate) fn unknown() -> Problem {
    Problem::not_found("You keep no search by this id.")
}

/// Forgets one of the caller's searches.
#[utoipa::path(
    delete,
    path = "/v1/search/saved/{id}",
    operation_id = "forget_saved_search",
    tag = "search",
    params(("id" = SavedSearchId, Path, description = "The search's id.")),
    responses((status = 204, description = "The search is forgotten.")),
)]
pub(crate) async fn forget_saved_search(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
) -> Result<Response, Problem> {
    let member = call.member()?;
    let id: SavedSearchId = path.read("id")?;
    let mut tx = portal.database().begin(&call.context).await?;
    match saved_searches::remove(&mut tx, member, id).await {
        Ok(()) => Ok(Answer::nothing().respond(tx.commit().await?)),
        Err(DataError::NotFound) => {
            tx.rollback().await?;
            Err(unknown())
        }
        Err(error) => Err(error.into()),
    }
}
