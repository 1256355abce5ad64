//! `GET /v1/admin/feedback/{id}/replies`

use axum::extract::State;
use axum::response::Response;
use portal_data::feedback::{self, FeedbackPosition};
use portal_data::read;
use portal_data::staff::desk;
use portal_domain::feedback::FeedbackReply;
use portal_domain::ids::FeedbackId;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::NoParameters;
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::permitted::permit;
use crate::show_help_ticket::unseen;

/// Lists the replies to a ticket, the earliest first, and the notes that staff alone see.
#[utoipa::path(
    get,
    path = "/v1/admin/feedback/{id}/replies",
    operation_id = "list_ticket_replies",
    tag = "admin",
    params(("id" = FeedbackId, Path, description = "The ticket's id."), PageParameters),
    responses((status = 200, description = "A page of replies.", body = List<FeedbackReply>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_ticket_replies(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    ListQuery { page, .. }: ListQuery<NoParameters>,
) -> Result<Response, Problem> {
    let id: FeedbackId = path.read("id")?;
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<FeedbackPosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        Ok(match desk::lookup(tx, id).await? {
            Some(ticket) => Some((
                feedback::list_replies(tx, &ticket.feedback, after, page.rows()).await?,
                ticket.feedback.reply_count,
            )),
            None => None,
        })
    });
    let (rows, count) = read?.ok_or_else(unseen)?;
    let total = page.counting().map(|_| count);
    let page = page.page(&keys, rows, FeedbackPosition::after_reply)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_ticket_replies");
        assert_eq!(ListQuery::<NoParameters>::names(), documented);
    }
}
