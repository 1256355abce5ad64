//! `POST /v1/projects/{id}/addenda`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::{DataError, projects};
use portal_domain::ids::ProjectId;
use portal_domain::project::Addendum;
use portal_domain::text::{Prose, object_fault};
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind, turns};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::manage;

/// What has changed.
#[derive(Debug, ToSchema)]
pub(crate) struct NewAddendum {
    /// In words.
    #[schema(value_type = String, min_length = 1, max_length = 5_000)]
    summary: Prose<5_000>,
    /// By field, where that helps.
    #[schema(value_type = Option<Object>)]
    changes: Map<String, Value>,
}

impl FromFields for NewAddendum {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let summary = fields.required("summary");
        let changes: Map<String, Value> = fields.optional("changes").unwrap_or_default();
        if let Some(fault) = object_fault(&changes) {
            fields.fault("changes", fault);
        }
        Some(Self {
            summary: summary?,
            changes,
        })
    }
}

/// Tells every bidder of a change that the fields of the project do not show, such as an answer to a question.
#[utoipa::path(
    post,
    path = "/v1/projects/{id}/addenda",
    operation_id = "add_addendum",
    tag = "projects",
    params(("id" = ProjectId, Path, description = "The project's id."), IdempotencyKey),
    request_body = NewAddendum,
    responses(
        (status = 201, description = "The addendum.", body = Addendum,
         headers(("Location" = String, description = "Where the addenda are."))),
        (status = 409, description = "The project is not announced, or bidding is over."),
    ),
)]
pub(crate) async fn add_addendum(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    key: IdempotencyKey,
    Fields { value: new, digest }: Fields<NewAddendum>,
) -> Result<Response, Problem> {
    let id: ProjectId = path.read("id")?;
    let author = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let rates = turns::take(&mut tx, Turn::Addendum).await?;
    let project = manage::hold(&mut tx, id).await?;
    if !project.status.is_announced() {
        return Err(Problem::new(
            ProblemKind::Conflict,
            format!("A project that is {} takes no addenda.", project.status),
        ));
    }
    let added = projects::add_addendum(
        &mut tx,
        &project,
        author,
        &new.summary,
        &Value::Object(new.changes),
    )
    .await?;
    let addenda = projects::list_addenda(&mut tx, id).await?;
    let addendum = addenda.into_iter().find(|addendum| addendum.id == added);
    let addendum = addendum.ok_or(DataError::NotFound)?;
    let answer = Answer::created(&format!("/v1/projects/{id}/addenda"), 1, &addendum)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok((rates, answer.respond(tx.commit().await?)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "NewAddendum");
        assert_eq!(portal_http::fields::names::<NewAddendum>(), documented);
    }
}
