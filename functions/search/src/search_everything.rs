//! `GET /v1/search`

use axum::extract::State;
use axum::response::Response;
use portal_data::{read, search};
use portal_http::area::AreaParameters;
use portal_http::page::{ListQuery, PageParameters};
use portal_http::{Call, Portal, Problem};
use time::OffsetDateTime;

use crate::search_item::{SearchFacts, SearchItem, SearchList};
use crate::search_parameters::SearchParameters;

/// Searches projects, members, contractors, events and courses.
///
/// Best first: exact names and licence numbers, then by how well the words fit, whether it is of use now, how new it is and, with
/// `near`, how close. Misspelt words that find nothing are corrected, and words left out where nothing has all of them; the answer
/// says so. Of each type about a hundred results are looked at; `total` counts those.
#[utoipa::path(
    get,
    path = "/v1/search",
    operation_id = "search_everything",
    tag = "search",
    params(AreaParameters, SearchParameters, PageParameters),
    responses(
        (status = 200, description = "A page of results.", body = SearchList,
         headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last."))),
    ),
)]
pub(crate) async fn search_everything(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<SearchParameters>,
) -> Result<Response, Problem> {
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after = page.position(&keys)?;
    let text = filters.q.clone();
    let filters = filters.filters();
    let now = OffsetDateTime::now_utc();
    let answer = read!(portal.database(), &call.context, |tx| {
        search::search(tx, &text, &filters, now, after.as_ref(), page.rows()).await
    });
    let mut answer = answer?;
    let facts = SearchFacts::of(&mut answer);
    let total = page.counting().map(|_| answer.total);
    let results = std::mem::take(&mut answer.results);
    let page = page.page(&keys, results, |result| answer.position(result))?;
    Ok(page
        .with_total(total)
        .map(SearchItem::from)
        .respond_json_beside(facts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "search_everything");
        assert_eq!(ListQuery::<SearchParameters>::names(), documented);
    }
}
