//! `POST /v1/applications/{id}/withdraw`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{DataError, applications};
use portal_domain::application::Application;
use portal_domain::ids::ApplicationId;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind, etag};

use crate::manage;

/// Takes a bid back. While bids are taken, the member can bid again.
#[utoipa::path(
    post,
    path = "/v1/applications/{id}/withdraw",
    operation_id = "withdraw_application",
    tag = "applications",
    params(("id" = ApplicationId, Path, description = "The bid's id.")),
    responses(
        (status = 200, description = "The bid as it is now.", body = Application,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 403, description = "It is another member's bid."),
        (status = 409, description = "It is decided or withdrawn already."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn withdraw_application(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: ApplicationId = path.read("id")?;
    let caller = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    let held = manage::hold_bid(&mut tx, id).await?;
    etag::guard(&headers, held.version)?;
    if held.bidder != caller {
        return Err(Problem::new(
            ProblemKind::Forbidden,
            "Only its bidder withdraws a bid.",
        ));
    }
    if !held.status.is_open() {
        return Err(manage::decided(held.status));
    }
    applications::withdraw(&mut tx, id).await?;
    let application = applications::lookup(&mut tx, id)
        .await?
        .ok_or(DataError::NotFound)?;
    let answer = Answer::resource(application.version, &application)?;
    Ok(answer.respond(tx.commit().await?))
}
