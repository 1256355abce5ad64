//! `GET /v1/admin/users`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::staff::accounts::{self, AccountFilters, AccountPosition};
use portal_data::staff::roles;
use portal_data::{DataError, Tx, read};
use portal_domain::member::MemberType;
use portal_domain::staff::{AccountListing, AccountOrder, AccountStatus, RoleName};
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Problem};
use utoipa::{IntoParams, ToSchema};

use crate::export::{Export, ExportLink, Rows, Source};
use crate::permitted::permit;
use crate::state::Admin;
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

/// A page, or where the whole table is that was asked for as CSV.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "it describes two answers, each of which is written where it is made"
)]
pub(crate) enum UsersAnswer {
    /// A page.
    Page(List<AccountListing>),
    /// The whole table.
    Export(ExportLink),
}

/// Lists accounts that are not closed.
///
/// As CSV the whole list comes at once unless `limit` is sent; past 5 MB the answer is JSON that leads to the table.
#[utoipa::path(
    get,
    path = "/v1/admin/users",
    operation_id = "list_users",
    tag = "admin",
    params(UserParameters, PageParameters),
    responses(
        (status = 200, description = "A page of accounts.", content(
            (UsersAnswer = "application/json"),
            (String = "text/csv"),
        ), headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last."))),
        (status = 406, description = "Only JSON and CSV."),
    ),
)]
pub(crate) async fn list_users(
    State(state): State<Admin>,
    call: Call,
    headers: HeaderMap,
    ListQuery { filters, page }: ListQuery<UserParameters>,
) -> Result<Response, Problem> {
    let media = negotiate(&headers, &[MediaType::Json, MediaType::Csv])?;
    let keys = state.portal.cursor_keys(page.cursor()).await?;
    let list: Listing = filters.into();
    if media == MediaType::Csv {
        let table = Export {
            state: &state,
            call: &call,
            page: &page,
            keys: &keys,
            source: &list,
            name: "users",
        };
        return table.respond().await;
    }
    let after: Option<AccountPosition> = page.position(&keys)?;
    let read = read!(state.portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        let filters = list.filters(tx).await?;
        let rows = accounts::list(tx, &filters, list.order, after.as_ref(), page.rows()).await?;
        let total = accounts::count(tx, &filters, page.counting()).await?;
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, |account| AccountPosition::after(account, list.order))?;
    Ok(page.with_total(total).respond_json())
}

/// One list as it was asked for.
struct Listing {
    order: AccountOrder,
    filters: AccountFilters,
    roles: Vec<RoleName>,
}

impl From<UserParameters> for Listing {
    fn from(parameters: UserParameters) -> Self {
        let words = parameters.q.as_deref().unwrap_or_default().split_whitespace();
        Self {
            order: parameters.sort.unwrap_or(AccountOrder::Name),
            filters: AccountFilters {
                words: words.take(MOST_WORDS).map(str::to_owned).collect(),
                statuses: parameters.status,
                roles: None,
                member_types: parameters.member_type,
            },
            roles: parameters.role,
        }
    }
}

impl Listing {
    /// The filters with the ids of roles: with those the planner knows how many accounts hold them.
    async fn filters(&self, tx: &mut Tx) -> Result<AccountFilters, DataError> {
        let mut filters = self.filters.clone();
        if !self.roles.is_empty() {
            filters.roles = Some(roles::find_ids(tx, &self.roles).await?);
        }
        Ok(filters)
    }
}

impl Source for Listing {
    type Row = UserRow;
    type Position = AccountPosition;

    async fn rows(
        &self,
        tx: &mut Tx,
        after: Option<AccountPosition>,
        limit: i64,
    ) -> Result<Rows<UserRow, AccountPosition>, DataError> {
        let filters = self.filters(tx).await?;
        let rows = accounts::list(tx, &filters, self.order, after.as_ref(), limit).await?;
        let rows = rows.into_iter().map(|account| {
            let position = AccountPosition::after(&account, self.order);
            (UserRow(account), position)
        });
        Ok(Rows {
            rows: rows.collect(),
            is_cut: false,
        })
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
