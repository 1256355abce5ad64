//! `POST /v1/admin/users/merge/preview`

use axum::extract::State;
use axum::response::Response;
use portal_data::Tx;
use portal_data::staff::merges;
use portal_domain::ids::UserId;
use portal_domain::staff::MergePreview;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, Portal, Problem};
use utoipa::ToSchema;

use crate::account;
use crate::permitted::{RUN_USERS, SEE_USERS, begin_alone};

/// Two accounts of one person.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct MergeQuestion {
    /// The account that is kept.
    keep_id: UserId,
    /// The account that is given up.
    merge_id: UserId,
}

impl FromFields for MergeQuestion {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let keep_id = fields.required("keepId");
        let merge_id = fields.required("mergeId");
        Some(Self {
            keep_id: keep_id?,
            merge_id: merge_id?,
        })
    }
}

/// Shows what a merge of two accounts would move, what clashes, and which side counts by which rule. Nothing is changed: it is the merge
/// itself, taken back. `ordered` says who has ordered it: another member of staff finishes it by sending it as well.
#[utoipa::path(
    post,
    path = "/v1/admin/users/merge/preview",
    operation_id = "preview_merge",
    tag = "admin",
    request_body = MergeQuestion,
    responses(
        (status = 200, description = "What the merge would do.", body = MergePreview),
        (status = 404, description = "There is no such account, or it is closed."),
        (status = 409, description = "These two cannot be merged; `detail` says why."),
    ),
)]
pub(crate) async fn preview_merge(
    State(portal): State<Portal>,
    call: Call,
    Fields { value: question, .. }: Fields<MergeQuestion>,
) -> Result<Response, Problem> {
    let mut tx = begin_alone(&portal, &call, &[SEE_USERS, RUN_USERS]).await?;
    let (preview, _) = merge(&mut tx, question.keep_id, question.merge_id).await?;
    tx.rollback().await?;
    Ok(Answer::json(&preview)?.respond(None))
}

/// Merges two accounts that are there. Whether the caller may finish that is told beside: where not, it is to be taken back.
///
/// # Errors
/// 404 and 409 problems.
pub(crate) async fn merge(
    tx: &mut Tx,
    keep: UserId,
    given_up: UserId,
) -> Result<(MergePreview, bool), Problem> {
    if !merges::are_there(tx, keep, given_up).await? {
        return Err(account::unseen());
    }
    let standing = merges::standing(tx, keep, given_up).await?;
    let merged = merges::merge(tx, keep, given_up).await?;
    let preview = MergePreview {
        ordered: standing.ordered,
        ..merged
    };
    Ok((preview, standing.may_finish))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "MergeQuestion");
        assert_eq!(portal_http::fields::names::<MergeQuestion>(), documented);
    }
}
