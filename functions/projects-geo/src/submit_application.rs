//! `POST /v1/projects/{id}/applications`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::{DataError, applications, permissions, projects};
use portal_domain::application::{Application, Bid};
use portal_domain::ids::ProjectId;
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind, turns};
use serde_json::json;

use crate::bid_body::BidBody;
use crate::manage;

/// Bids on a project, or bids again after withdrawing.
#[utoipa::path(
    post,
    path = "/v1/projects/{id}/applications",
    operation_id = "submit_application",
    tag = "applications",
    params(("id" = ProjectId, Path, description = "The project's id."), IdempotencyKey),
    request_body = Bid,
    responses(
        (status = 201, description = "The bid.", body = Application, headers(
            ("Location" = String, description = "Where the bid is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "The project takes no bids now, has as many as it takes, is run by the caller, or has the \
            caller's bid already."),
    ),
)]
pub(crate) async fn submit_application(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    key: IdempotencyKey,
    Fields {
        value: BidBody(bid),
        digest,
    }: Fields<BidBody>,
) -> Result<Response, Problem> {
    let project_id: ProjectId = path.read("id")?;
    let bidder = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let rates = turns::take(&mut tx, Turn::Bid).await?;
    let project = projects::lookup(&mut tx, project_id)
        .await?
        .ok_or_else(manage::unseen)?;
    if project.owner_id == bidder || permissions::has(&mut tx, manage::MANAGE).await? {
        return Err(conflict(
            "Whoever runs a project sees what others bid, and does not bid on it.",
        ));
    }
    let id = match applications::submit(&mut tx, project_id, bidder, &bid).await {
        Err(DataError::Conflict { .. }) => {
            return Err(conflict(
                "You have bid on this project already: change that bid instead.",
            ));
        }
        submitted => submitted?,
    };
    let payload = json!({ "projectId": project_id, "title": project.title });
    let occasion = id.to_string();
    applications::notify(
        &mut tx,
        project_id,
        project.owner_id,
        "APPLICATION_RECEIVED",
        &occasion,
        &payload,
    )
    .await?;
    let application = applications::lookup(&mut tx, id)
        .await?
        .ok_or(DataError::NotFound)?;
    let answer = Answer::created(
        &format!("/v1/applications/{id}"),
        application.version,
        &application,
    )?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok((rates, answer.respond(tx.commit().await?)).into_response())
}

fn conflict(detail: &str) -> Problem {
    Problem::new(ProblemKind::Conflict, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "Bid");
        assert_eq!(portal_http::fields::names::<BidBody>(), documented);
    }
}
