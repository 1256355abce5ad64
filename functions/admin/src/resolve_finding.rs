//! `PATCH /v1/admin/findings/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::DataError;
use portal_data::staff::actions::{self, Target};
use portal_data::staff::findings;
use portal_domain::ids::FindingId;
use portal_domain::staff::{FindingListing, Reason};
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, FromFields, MergePatch};
use portal_http::{Call, PathParameters, Problem, etag};
use serde_json::json;
use utoipa::ToSchema;

use crate::permitted::{RESOLVE_FINDINGS, SEE_FINDINGS, begin, conflict};
use crate::show_finding::unseen;
use crate::state::Admin;

/// Whether a finding was put right, and how.
#[derive(Debug, ToSchema)]
pub(crate) struct FindingChange {
    /// Whether it was; `false` opens it again.
    resolved: bool,
    /// How, or why it was not; also for the record of what staff do.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: Reason,
}

impl FromFields for FindingChange {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let resolved = fields.required("resolved");
        let reason = fields.required("reason");
        Some(Self {
            resolved: resolved?,
            reason: reason?,
        })
    }
}

/// Notes that a finding was put right, and how. What is found again after that is a new one.
#[utoipa::path(
    patch,
    path = "/v1/admin/findings/{id}",
    operation_id = "resolve_finding",
    tag = "admin",
    params(("id" = FindingId, Path, description = "The finding's id.")),
    request_body(content(
        (FindingChange = "application/merge-patch+json"),
        (FindingChange = "application/json"),
    ), description = "A JSON Merge Patch: fields that are left out stay. `reason` is always sent."),
    responses(
        (status = 200, description = "The finding as it is now.", body = FindingListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "The same was found again, and is open."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn resolve_finding(
    State(state): State<Admin>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let id: FindingId = path.read("id")?;
    let me = call.member()?;
    let mut tx = begin(&state.portal, &call, &[SEE_FINDINGS, RESOLVE_FINDINGS]).await?;
    let before = findings::lock(&mut tx, id).await?.ok_or_else(unseen)?;
    etag::guard(&headers, before.version)?;
    let change: FindingChange = patch.over(&json!({ "resolved": before.resolved }))?;
    let done = change.resolved.then(|| (me, state.now(), &*change.reason));
    findings::resolve(&mut tx, id, done)
        .await
        .map_err(|error| match error {
            DataError::Conflict { .. } => {
                conflict(&"The same was found again, and is open: see to that one.")
            }
            other => other.into(),
        })?;
    let now = findings::lookup(&mut tx, id).await?.ok_or(DataError::NotFound)?;
    let target = Target::Row {
        table: "payment_findings",
        id: id.to_string(),
        member: None,
    };
    let details = json!({ "kind": now.kind, "subject": now.subject, "resolved": now.resolved });
    actions::add(&mut tx, me, "findings.resolve", &target, &change.reason, &details).await?;
    let answer = Answer::resource(now.version, &now)?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "FindingChange");
        assert_eq!(portal_http::fields::names::<FindingChange>(), documented);
    }
}
