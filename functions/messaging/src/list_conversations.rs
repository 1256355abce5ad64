//! `GET /v1/conversations`

use axum::extract::State;
use axum::response::Response;
use portal_data::conversations::{self, ConversationFilters, ConversationPosition};
use portal_data::messages::Direction;
use portal_data::read;
use portal_domain::listing::Moment;
use portal_domain::message::Conversation;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use utoipa::IntoParams;

/// What conversations to show.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ConversationParameters {
    /// Those that are put away, instead of the others.
    #[param(nullable = false)]
    archived: Option<bool>,
    /// Only those with a message later than this, and then the earliest first: what is new to a client that has the rest.
    #[param(nullable = false)]
    since: Option<Moment>,
}

impl FromQuery for ConversationParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            archived: query.flag("archived"),
            since: query.one("since"),
        })
    }
}

/// Lists the caller's conversations, the one with the latest message first.
#[utoipa::path(
    get,
    path = "/v1/conversations",
    operation_id = "list_conversations",
    tag = "messages",
    params(ConversationParameters, PageParameters),
    responses((status = 200, description = "A page of conversations.", body = List<Conversation>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_conversations(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<ConversationParameters>,
) -> Result<Response, Problem> {
    let me = call.member()?;
    let filters = ConversationFilters {
        archived: filters.archived.unwrap_or(false),
        direction: match filters.since {
            Some(_) => Direction::Forward,
            None => Direction::Backward,
        },
        since: filters.since.map(|since| since.0),
    };
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<ConversationPosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        let rows = conversations::list(tx, me, &filters, after, page.rows()).await?;
        let total = conversations::count(tx, me, &filters, page.counting()).await?;
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, ConversationPosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_conversations");
        assert_eq!(ListQuery::<ConversationParameters>::names(), documented);
    }
}
