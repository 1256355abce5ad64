//! `PATCH /v1/admin/message-reports/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::DataError;
use portal_data::staff::actions::{self, Target};
use portal_data::staff::reports;
use portal_domain::ids::ReportId;
use portal_domain::staff::{Reason, ReportDetails, ReportState};
use portal_domain::text::Prose;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, FromFields, MergePatch};
use portal_http::{Call, PathParameters, Problem, etag};
use serde_json::json;
use utoipa::ToSchema;

use crate::permitted::{REPORTS, begin, forbidden};
use crate::show_message_report::unseen;
use crate::state::Admin;

/// What becomes of a report, and why.
#[derive(Debug, ToSchema)]
pub(crate) struct ReportChange {
    /// Whether the message was against the rules; `OPEN` takes a decision back.
    status: ReportState,
    /// What is done about it; null nothing.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1_000)]
    outcome: Option<Prose<1_000>>,
    /// Why, for the record of what staff do.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: Reason,
}

impl FromFields for ReportChange {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let status = fields.required("status");
        let outcome = fields.optional("outcome");
        let reason = fields.required("reason");
        Some(Self {
            status: status?,
            outcome,
            reason: reason?,
        })
    }
}

/// Decides on a reported message. Nobody decides on one that they have sent, got or reported themselves.
#[utoipa::path(
    patch,
    path = "/v1/admin/message-reports/{id}",
    operation_id = "decide_message_report",
    tag = "admin",
    params(("id" = ReportId, Path, description = "The report's id.")),
    request_body(content(
        (ReportChange = "application/merge-patch+json"),
        (ReportChange = "application/json"),
    ), description = "A JSON Merge Patch: fields that are left out stay, null clears. `reason` is always sent."),
    responses(
        (status = 200, description = "The report as it is now.", body = ReportDetails,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn decide_message_report(
    State(state): State<Admin>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let id: ReportId = path.read("id")?;
    let me = call.member()?;
    let mut tx = begin(&state.portal, &call, &[REPORTS]).await?;
    let before = reports::lock(&mut tx, id).await?.ok_or_else(unseen)?;
    etag::guard(&headers, before.report.version)?;
    if [before.sender_id, before.receiver_id, before.report.reported_by].contains(&me) {
        return Err(forbidden(&"This is about yourself: somebody else decides on it."));
    }
    let written = json!({ "status": before.report.status, "outcome": before.report.outcome });
    let change: ReportChange = patch.over(&written)?;
    reports::decide(
        &mut tx,
        id,
        change.status,
        change.outcome.as_deref(),
        (me, state.now()),
    )
    .await?;
    let now = reports::lookup(&mut tx, id).await?.ok_or(DataError::NotFound)?;
    let target = Target::Row {
        table: "message_reports",
        id: id.to_string(),
        member: Some(before.sender_id),
    };
    let details =
        json!({ "before": written, "after": { "status": now.report.status, "outcome": now.report.outcome } });
    actions::add(
        &mut tx,
        me,
        "messages.moderate",
        &target,
        &change.reason,
        &details,
    )
    .await?;
    let answer = Answer::resource(now.report.version, &now)?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "ReportChange");
        assert_eq!(portal_http::fields::names::<ReportChange>(), documented);
    }
}
