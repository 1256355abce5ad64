//! `GET /v1/blocks`

use axum::extract::State;
use axum::response::Response;
use portal_data::{blocks, read};
use portal_domain::ids::UserId;
use portal_domain::message::Block;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::NoParameters;
use portal_http::{Call, Portal, Problem};

/// Lists the members that the caller has blocked.
#[utoipa::path(
    get,
    path = "/v1/blocks",
    operation_id = "list_blocks",
    tag = "messages",
    params(PageParameters),
    responses((status = 200, description = "A page of members.", body = List<Block>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_blocks(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { page, .. }: ListQuery<NoParameters>,
) -> Result<Response, Problem> {
    let me = call.member()?;
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<UserId> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        let rows = blocks::list(tx, me, after, page.rows()).await?;
        let total = match page.counting() {
            Some(_) => Some(blocks::count(tx, me).await?),
            None => None,
        };
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, |block| block.member_id)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_blocks");
        assert_eq!(ListQuery::<NoParameters>::names(), documented);
    }
}
