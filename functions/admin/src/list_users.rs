//! `GET /v1/admin/users`

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::staff::accounts::{self, AccountFilters, AccountPosition};
use portal_data::staff::roles;
use portal_data::{DataError, Tx, read};
use portal_domain::member::MemberType;
use portal_domain::staff::{AccountListing, AccountOrder, AccountStatus, RoleName};
use portal_http::csv::CsvTable;
use portal_http::cursor::CursorKeys;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::page::{List, ListQuery, PageParameters, PageRequest};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use utoipa::IntoParams;

use crate::permitted::permit;
use crate::user_row::UserRow;

/// How many words of a search are looked for.
const MOST_WORDS: usize = 8;

/// What accounts to show. A name that is repeated means any of its values; different names narrow each other.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct UserParameters {
    /// Parts of the e-mail address, the name, the firm or the number of the licence, with spaces between: accounts that hold each of them,
    /// whatever the case and the accents.
    #[param(
        nullable = false,
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$"
    )]
    q: Option<String>,
    /// Where they stand.
    #[param(required = false)]
    status: Vec<AccountStatus>,
    /// Roles that they hold now.
    #[param(required = false)]
    role: Vec<RoleName>,
    /// Kinds of accounts.
    #[param(required = false)]
    member_type: Vec<MemberType>,
    /// By `name`, which is usual, or `newest` first.
    #[param(nullable = false)]
    sort: Option<AccountOrder>,
}

impl FromQuery for UserParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            q: query.text("q", 200),
            status: query.many("status"),
            role: query.many("role"),
            member_type: query.many("memberType"),
            sort: query.one("sort"),
        })
    }
}

/// Lists accounts that are not closed.
///
/// As CSV the whole list comes at once, up to 5 MB, unless `limit` is sent; `Link` leads to the rest.
#[utoipa::path(
    get,
    path = "/v1/admin/users",
    operation_id = "list_users",
    tag = "admin",
    params(UserParameters, PageParameters),
    responses(
        (status = 200, description = "A page of accounts.", content(
            (List<AccountListing> = "application/json"),
            (String = "text/csv"),
        ), headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last."))),
        (status = 406, description = "Only JSON and CSV."),
    ),
)]
pub(crate) async fn list_users(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    ListQuery { filters, page }: ListQuery<UserParameters>,
) -> Result<Response, Problem> {
    let media = negotiate(&headers, &[MediaType::Json, MediaType::Csv])?;
    let keys = portal.cursor_keys(page.cursor()).await?;
    let words = filters.q.as_deref().unwrap_or_default();
    let list = Listing {
        order: filters.sort.unwrap_or(AccountOrder::Name),
        filters: AccountFilters {
            words: words
                .split_whitespace()
                .take(MOST_WORDS)
                .map(str::to_owned)
                .collect(),
            statuses: filters.status,
            roles: None,
            member_types: filters.member_type,
        },
        roles: filters.role,
        portal,
        call,
        page,
        keys,
    };
    match media {
        MediaType::Csv => list.table().await,
        _ => list.page().await,
    }
}

/// One list as it was asked for.
struct Listing {
    portal: Portal,
    call: Call,
    page: PageRequest,
    keys: Arc<CursorKeys>,
    order: AccountOrder,
    filters: AccountFilters,
    roles: Vec<RoleName>,
}

impl Listing {
    /// The filters with the ids of roles: with those the planner knows how many accounts hold them.
    async fn filters(&self, tx: &mut Tx) -> Result<AccountFilters, DataError> {
        permit(tx, &self.call).await?;
        let mut filters = self.filters.clone();
        if !self.roles.is_empty() {
            filters.roles = Some(roles::find_ids(tx, &self.roles).await?);
        }
        Ok(filters)
    }

    async fn page(&self) -> Result<Response, Problem> {
        let after: Option<AccountPosition> = self.page.position(&self.keys)?;
        let read = read!(self.portal.database(), &self.call.context, |tx| {
            let filters = self.filters(tx).await?;
            let rows = accounts::list(tx, &filters, self.order, after.as_ref(), self.page.rows()).await?;
            let total = accounts::count(tx, &filters, self.page.counting()).await?;
            Ok((rows, total))
        });
        let (rows, total) = read?;
        let page = self.page.page(&self.keys, rows, |account| {
            AccountPosition::after(account, self.order)
        })?;
        Ok(page.with_total(total).respond_json())
    }

    async fn table(&self) -> Result<Response, Problem> {
        let first: Option<AccountPosition> = self.page.position(&self.keys)?;
        let table = read!(self.portal.database(), &self.call.context, |tx| {
            self.fill(tx, first.as_ref()).await
        });
        table?.respond(&self.page, &self.keys, "users")
    }

    /// Reads on until the list or the room in the table ends. Each read is one page of the keyset, so memory stays bounded.
    async fn fill(
        &self,
        tx: &mut Tx,
        first: Option<&AccountPosition>,
    ) -> Result<CsvTable<AccountPosition>, DataError> {
        let filters = self.filters(tx).await?;
        let mut table = CsvTable::begin::<UserRow>(&self.page);
        loop {
            let wanted = table.wanted();
            let after = table.last().or(first).cloned();
            let rows = accounts::list(tx, &filters, self.order, after.as_ref(), wanted).await?;
            let is_end = i64::try_from(rows.len()).is_ok_and(|count| count < wanted);
            for row in rows {
                let position = AccountPosition::after(&row, self.order);
                if !table.add(&UserRow(row), position) {
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
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_users");
        assert_eq!(ListQuery::<UserParameters>::names(), documented);
    }
}
