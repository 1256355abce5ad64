//! `GET /v1/members`

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::members::{self, MemberFilters, MemberPosition};
use portal_data::{DataError, Tx, read};
use portal_domain::member::{MemberFacet, MemberOrder};
use portal_http::area::AreaParameters;
use portal_http::csv::CsvTable;
use portal_http::cursor::CursorKeys;
use portal_http::negotiate::MediaType;
use portal_http::page::{ListQuery, PageParameters, PageRequest, table_media};
use portal_http::{Call, Portal, Problem};

use crate::member_item::{MemberFacets, MemberFeatures, MemberItem, MemberList};
use crate::member_parameters::MemberParameters;

/// Lists the approved members.
///
/// What a member hides from the caller is null, and takes part in no filter, search, distance, order or facet. As CSV the whole list
/// comes at once, up to 5 MB, unless `limit` is sent; `Link` leads to the rest.
#[utoipa::path(
    get,
    path = "/v1/members",
    operation_id = "list_members",
    tag = "members",
    params(AreaParameters, MemberParameters, PageParameters),
    responses(
        (status = 200, description = "A page of members.", content(
            (MemberList = "application/json"),
            (MemberFeatures = "application/geo+json"),
            (String = "text/csv"),
        ), headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last."))),
    ),
)]
pub(crate) async fn list_members(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    ListQuery { filters, page }: ListQuery<MemberParameters>,
) -> Result<Response, Problem> {
    let media = table_media(&headers)?;
    let keys = portal.cursor_keys(page.cursor()).await?;
    let (order, facets, filters) = filters.parts();
    let list = Listing {
        portal,
        call,
        page,
        keys,
        order,
        filters,
    };
    match media {
        MediaType::Csv => list.table().await,
        _ => list.page(media, &facets).await,
    }
}

/// One list as it was asked for.
struct Listing {
    portal: Portal,
    call: Call,
    page: PageRequest,
    keys: Arc<CursorKeys>,
    order: MemberOrder,
    filters: MemberFilters,
}

impl Listing {
    async fn page(&self, media: MediaType, facets: &[MemberFacet]) -> Result<Response, Problem> {
        let after: Option<MemberPosition> = self.page.position(&self.keys)?;
        let read = read!(self.portal.database(), &self.call.context, |tx| {
            let rows = members::list(tx, &self.filters, self.order, after.as_ref(), self.page.rows()).await?;
            let total = members::total(tx, &self.filters, self.page.counting()).await?;
            Ok((rows, total, self.count(tx, facets).await?))
        });
        let (rows, total, facets) = read?;
        let page = self
            .page
            .page(&self.keys, rows, |member| member.position(self.order))?;
        Ok(page
            .with_total(total)
            .map(MemberItem::from)
            .respond_beside(media, facets))
    }

    async fn count(&self, tx: &mut Tx, facets: &[MemberFacet]) -> Result<MemberFacets, DataError> {
        if facets.is_empty() {
            return Ok(MemberFacets::default());
        }
        Ok(members::facets(tx, &self.filters, facets).await?.into())
    }

    async fn table(&self) -> Result<Response, Problem> {
        let first: Option<MemberPosition> = self.page.position(&self.keys)?;
        let table = read!(self.portal.database(), &self.call.context, |tx| {
            self.fill(tx, first.as_ref()).await
        });
        table?.respond(&self.page, &self.keys, "members")
    }

    /// Reads on until the list or the room in the table ends. Each read is one page of the keyset, so memory stays bounded.
    async fn fill(
        &self,
        tx: &mut Tx,
        first: Option<&MemberPosition>,
    ) -> Result<CsvTable<MemberPosition>, DataError> {
        let mut table = CsvTable::begin::<MemberItem>(&self.page);
        loop {
            let wanted = table.wanted();
            let after = table.last().or(first).cloned();
            let rows = members::list(tx, &self.filters, self.order, after.as_ref(), wanted).await?;
            let is_end = i64::try_from(rows.len()).is_ok_and(|count| count < wanted);
            for row in rows {
                let position = row.position(self.order);
                if !table.add(&MemberItem::from(row), position) {
                    return Ok(table);
                }
            }
            if is_end {
                return Ok(table);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_members");
        assert_eq!(ListQuery::<MemberParameters>::names(), documented);
    }
}
