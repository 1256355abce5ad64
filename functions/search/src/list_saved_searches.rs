//! `GET /v1/search/saved`

use axum::extract::State;
use axum::response::Response;
use portal_data::read;
use portal_data::saved_searches::{self, SavedSearchPosition};
use portal_domain::search::SavedSearch;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::NoParameters;
use portal_http::{Call, Portal, Problem};

/// Lists the caller's searches, the newest first.
#[utoipa::path(
    get,
    path = "/v1/search/saved",
    operation_id = "list_saved_searches",
    tag = "search",
    params(PageParameters),
    responses((status = 200, description = "A page of searches.", body = List<SavedSearch>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_saved_searches(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { page, .. }: ListQuery<NoParameters>,
) -> Result<Response, Problem> {
    let member = call.member()?;
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<SavedSearchPosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        let rows = saved_searches::list(tx, member, after, page.rows()).await?;
        let total = match page.counting() {
            Some(_) => Some(saved_searches::count(tx, member).await?),
            None => None,
        };
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, SavedSearchPosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_saved_searches");
        assert_eq!(ListQuery::<NoParameters>::names(), documented);
    }
}
