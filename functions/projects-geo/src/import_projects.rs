//! `POST /v1/projects/import`

use axum::extract::State;
use axum::response::Response;
use portal_data::permissions;
use portal_domain::project::{ProjectDetails, Source};
use portal_domain::text::{Few, Line};
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, Portal, Problem};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::imported::{Importer, ProjectImport};
use crate::manage;

/// Opportunities that a source has published.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct ProjectBatch {
    /// Who published them, such as `SAM_GOV`.
    #[schema(value_type = String, min_length = 1, max_length = 50, pattern = "^[A-Z][A-Z0-9_]*$", example = "SAM_GOV")]
    pub(crate) source: Source,
    /// Whether new ones are published at once; without it they are drafts.
    #[schema(required = false)]
    pub(crate) publish: bool,
    /// The opportunities, each taken or rejected by itself.
    #[schema(value_type = Vec<Opportunity>, min_items = 1, max_items = 100)]
    pub(crate) items: Few<Map<String, Value>, 100>,
}

/// An opportunity: the fields of a project, and the source's id.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
// Described here and read by `imported`, which judges each by itself.
#[allow(dead_code)]
pub(crate) struct Opportunity {
    /// What the source calls it, there and for ever.
    external_id: Line<200>,
    #[serde(flatten)]
    details: ProjectDetails,
}

impl FromFields for ProjectBatch {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let source = fields.required("source");
        let publish = fields.optional("publish").unwrap_or_default();
        let items: Option<Few<_, 100>> = fields.required("items");
        if items.as_ref().is_some_and(|items| items.is_empty()) {
            fields.fault("items", "must have at least one entry");
        }
        Some(Self {
            source: source?,
            publish,
            items: items?,
        })
    }
}

/// Imports opportunities of another source.
///
/// One that came before, by its source and external id, is the same project: of it the fields are taken that the source says
/// otherwise than the last time, so that what people have changed here stays. Where the project is announced, that is an addendum.
/// The same batch again changes nothing.
#[utoipa::path(
    post,
    path = "/v1/projects/import",
    operation_id = "import_projects",
    tag = "projects",
    params(IdempotencyKey),
    request_body = ProjectBatch,
    responses(
        (status = 200, description = "What became of each.", body = ProjectImport),
        (status = 409, description = "A request with the same `Idempotency-Key` is still running."),
    ),
)]
pub(crate) async fn import_projects(
    State(portal): State<Portal>,
    call: Call,
    key: IdempotencyKey,
    Fields { value: batch, digest }: Fields<ProjectBatch>,
) -> Result<Response, Problem> {
    let importer = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    permissions::require(&mut tx, manage::MANAGE).await?;
    let import = Importer::new(importer, batch).run(&mut tx).await?;
    let answer = Answer::json(&import)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "ProjectBatch");
        assert_eq!(portal_http::fields::names::<ProjectBatch>(), documented);
    }
}
