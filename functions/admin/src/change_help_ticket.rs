//! `PATCH /v1/admin/feedback/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::staff::actions::{self, Target};
use portal_data::staff::{desk, roles};
use portal_data::{DataError, Tx};
use portal_domain::feedback::{FeedbackPriority, FeedbackStatus};
use portal_domain::ids::{FeedbackId, UserId};
use portal_domain::staff::{Reason, StaffFeedback};
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, FromFields, MergePatch};
use portal_http::problem::Fault;
use portal_http::{Call, PathParameters, Portal, Problem, etag};
use serde_json::json;
use utoipa::ToSchema;

use crate::permitted::{TICKETS, begin, conflict};
use crate::show_help_ticket::unseen;

/// What staff change of a ticket, and why.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct TicketChange {
    /// Where it stands: `OPEN` to `IN_PROGRESS` to `RESOLVED` to `CLOSED`, and back to `OPEN` from the last two.
    status: FeedbackStatus,
    /// How pressing it is.
    priority: FeedbackPriority,
    /// Who works on it; null nobody. Somebody who may answer tickets.
    assignee_id: Option<UserId>,
    /// Why, for the record of what staff do.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: Reason,
}

impl FromFields for TicketChange {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let status = fields.required("status");
        let priority = fields.required("priority");
        let assignee_id = fields.optional("assigneeId");
        let reason = fields.required("reason");
        Some(Self {
            status: status?,
            priority: priority?,
            assignee_id,
            reason: reason?,
        })
    }
}

/// Changes where a ticket stands, how pressing it is, and who works on it.
#[utoipa::path(
    patch,
    path = "/v1/admin/feedback/{id}",
    operation_id = "change_help_ticket",
    tag = "admin",
    params(("id" = FeedbackId, Path, description = "The ticket's id.")),
    request_body(content(
        (TicketChange = "application/merge-patch+json"),
        (TicketChange = "application/json"),
    ), description = "A JSON Merge Patch: fields that are left out stay, null clears. `reason` is always sent."),
    responses(
        (status = 200, description = "The ticket as it is now.", body = StaffFeedback,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "It cannot become that from where it stands."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn change_help_ticket(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let id: FeedbackId = path.read("id")?;
    let mut tx = begin(&portal, &call, &[TICKETS]).await?;
    let before = desk::lock(&mut tx, id).await?.ok_or_else(unseen)?;
    etag::guard(&headers, before.feedback.version)?;
    let written = json!({
        "status": before.feedback.status, "priority": before.feedback.priority, "assigneeId": before.assignee_id,
    });
    let change: TicketChange = patch.over(&written)?;
    let status = before
        .feedback
        .status
        .become_by_staff(change.status)
        .map_err(|refusal| conflict(&refusal))?;
    if change.assignee_id != before.assignee_id {
        judge_assignee(&mut tx, change.assignee_id).await?;
    }
    desk::change(&mut tx, id, status, change.priority, change.assignee_id).await?;
    let now = desk::lookup(&mut tx, id).await?.ok_or(DataError::NotFound)?;
    let target = Target::Row {
        table: "member_feedback",
        id: id.to_string(),
        member: Some(before.feedback.user_id),
    };
    let details = json!({ "before": written, "after": {
        "status": status, "priority": change.priority, "assigneeId": change.assignee_id,
    }});
    actions::add(
        &mut tx,
        call.member()?,
        "feedback.change",
        &target,
        &change.reason,
        &details,
    )
    .await?;
    let answer = Answer::resource(now.feedback.version, &now)?;
    Ok(answer.respond(tx.commit().await?))
}

/// A ticket is handed to somebody who may answer it.
async fn judge_assignee(tx: &mut Tx, assignee: Option<UserId>) -> Result<(), Problem> {
    let Some(assignee) = assignee else { return Ok(()) };
    if roles::may(tx, assignee, TICKETS).await? {
        return Ok(());
    }
    Err(Problem::invalid(vec![Fault::body(
        "/assigneeId",
        "must be somebody who may answer tickets",
    )]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "TicketChange");
        assert_eq!(portal_http::fields::names::<TicketChange>(), documented);
    }
}
