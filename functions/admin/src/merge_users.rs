//! `POST /v1/admin/users/merge`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use portal_data::staff::actions::{self, Target};
use portal_data::staff::merges;
use portal_domain::ids::UserId;
use portal_domain::staff::{MergePreview, Reason};
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, Portal, Problem, ProblemKind};
use serde_json::json;
use utoipa::ToSchema;

use crate::permitted::{RUN_USERS, SEE_USERS, begin_alone};
use crate::preview_merge::merge;

/// Two accounts of one person, and the preview that was seen of their merge.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct MergeOrder {
    /// The account that is kept.
    keep_id: UserId,
    /// The account that is given up.
    merge_id: UserId,
    /// `previewVersion` of the preview.
    #[schema(min_length = 1, max_length = 100)]
    preview_version: String,
    /// Why, for the record of what staff do.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: Reason,
}

impl FromFields for MergeOrder {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let keep_id = fields.required("keepId");
        let merge_id = fields.required("mergeId");
        let preview_version = fields.required("previewVersion");
        let reason = fields.required("reason");
        Some(Self {
            keep_id: keep_id?,
            merge_id: merge_id?,
            preview_version: preview_version?,
            reason: reason?,
        })
    }
}

/// Merges two accounts of one person, just as the preview has shown it: all of it, or nothing. The account that is given up is closed and
/// points to the one that is kept, and both addresses get a mail; it cannot be undone.
///
/// So it takes two members of staff. The first order is kept for 14 days (202), and whoever else may merge these accounts finishes it by
/// sending it as well, with a preview and a reason of their own (200). Where nobody else could, one is enough.
#[utoipa::path(
    post,
    path = "/v1/admin/users/merge",
    operation_id = "merge_users",
    tag = "admin",
    request_body = MergeOrder,
    responses(
        (status = 200, description = "What the merge has done.", body = MergePreview),
        (status = 202, description = "What the merge will do when a second member of staff sends it too. Nothing is changed yet.",
         body = MergePreview),
        (status = 404, description = "There is no such account, or it is closed."),
        (status = 409, description = "These two cannot be merged; `detail` says why."),
        (status = 412, description = "It would do something else than the preview has shown: look at it again."),
    ),
)]
pub(crate) async fn merge_users(
    State(portal): State<Portal>,
    call: Call,
    Fields { value: order, .. }: Fields<MergeOrder>,
) -> Result<Response, Problem> {
    let mut tx = begin_alone(&portal, &call, &[SEE_USERS, RUN_USERS]).await?;
    let (done, may_finish) = merge(&mut tx, order.keep_id, order.merge_id).await?;
    if done.preview_version != order.preview_version {
        tx.rollback().await?;
        return Err(Problem::new(
            ProblemKind::PreconditionFailed,
            "The accounts have changed since the preview was made: look at another one.",
        ));
    }
    if !may_finish {
        tx.rollback().await?;
        return wait_for_second(&portal, &call, &order, done).await;
    }
    let details = json!({ "mergedId": order.merge_id, "entries": done.entries, "ordered": done.ordered });
    let target = Target::Account(order.keep_id);
    actions::add(
        &mut tx,
        call.member()?,
        "users.merge",
        &target,
        &order.reason,
        &details,
    )
    .await?;
    let answer = Answer::json(&done)?;
    Ok(answer.respond(tx.commit().await?))
}

/// Keeps the order, now that it is known what it would do.
async fn wait_for_second(
    portal: &Portal,
    call: &Call,
    order: &MergeOrder,
    preview: MergePreview,
) -> Result<Response, Problem> {
    let me = call.member()?;
    let mut tx = begin_alone(portal, call, &[SEE_USERS, RUN_USERS]).await?;
    let people = (order.keep_id, order.merge_id);
    let ordered = merges::order(&mut tx, people, me, &order.reason).await?;
    let details = json!({ "mergedId": order.merge_id });
    let target = Target::Account(order.keep_id);
    actions::add(&mut tx, me, "users.merge_order", &target, &order.reason, &details).await?;
    let answer = Answer::json(&MergePreview {
        ordered: Some(ordered),
        ..preview
    })?;
    let mut response = answer.respond(tx.commit().await?);
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "MergeOrder");
        assert_eq!(portal_http::fields::names::<MergeOrder>(), documented);
    }
}
