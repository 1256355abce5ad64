//! `GET /v1/conversations/{memberId}/messages`

use axum::extract::State;
use axum::response::Response;
use portal_data::messages::{self, Anchor, Direction, MessagePosition};
use portal_data::read;
use portal_domain::ids::{MessageId, UserId};
use portal_domain::message::Message;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, PathParameters, Portal, Problem};
use utoipa::IntoParams;

/// Which part of a thread to show.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ThreadParameters {
    /// Only what was written before this message, the latest first.
    #[param(nullable = false)]
    before: Option<MessageId>,
    /// Only what was written after this message, the earliest first.
    #[param(nullable = false)]
    after: Option<MessageId>,
}

impl FromQuery for ThreadParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let parameters = Self {
            before: query.one("before"),
            after: query.one("after"),
        };
        if query.has("before") && query.has("after") {
            query.fault("after", "goes without before: a list goes one way");
        }
        Some(parameters)
    }
}

impl ThreadParameters {
    /// Which way the list goes, and where it begins.
    fn start(&self) -> (Direction, Anchor) {
        match (self.before, self.after) {
            (_, Some(after)) => (Direction::Forward, Anchor::Message(after)),
            (Some(before), None) => (Direction::Backward, Anchor::Message(before)),
            (None, None) => (Direction::Backward, Anchor::End),
        }
    }
}

/// Lists what the caller and a member have written to each other, the latest first.
///
/// From a message on, with `before` or `after`, the list goes either way. With an id that is not in the thread it is empty.
#[utoipa::path(
    get,
    path = "/v1/conversations/{memberId}/messages",
    operation_id = "list_messages",
    tag = "messages",
    params(("memberId" = UserId, Path, description = "The other member's id."), ThreadParameters, PageParameters),
    responses((status = 200, description = "A page of messages.", body = List<Message>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_messages(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    ListQuery { filters, page }: ListQuery<ThreadParameters>,
) -> Result<Response, Problem> {
    let people = (call.member()?, path.read("memberId")?);
    let keys = portal.cursor_keys(page.cursor()).await?;
    let (direction, start) = filters.start();
    let anchor = page.position(&keys)?.map_or(start, Anchor::Position);
    let read = read!(portal.database(), &call.context, |tx| {
        let rows = messages::list_thread(tx, people, direction, anchor, page.rows()).await?;
        let total = messages::count_thread(tx, people, page.counting()).await?;
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, MessagePosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_messages");
        assert_eq!(ListQuery::<ThreadParameters>::names(), documented);
    }
}
