//! `GET /v1/announcements`

use axum::extract::State;
use axum::response::Response;
use portal_data::announcements::{self, AnnouncementFilters, AnnouncementPosition};
use portal_data::{permissions, read};
use portal_domain::announcement::Announcement;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use utoipa::IntoParams;

use crate::announcing::MANAGE;

/// What announcements to show.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AnnouncementParameters {
    /// Also those that are for others, not out yet or expired. Takes the permission `announcements.manage`.
    #[param(nullable = false)]
    all: Option<bool>,
    /// Only those that the caller has not read.
    #[param(nullable = false)]
    unread: Option<bool>,
}

impl FromQuery for AnnouncementParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            all: query.flag("all"),
            unread: query.flag("unread"),
        })
    }
}

/// Lists the news for the caller, the latest first.
#[utoipa::path(
    get,
    path = "/v1/announcements",
    operation_id = "list_announcements",
    tag = "announcements",
    params(AnnouncementParameters, PageParameters),
    responses(
        (status = 200, description = "A page of announcements.", body = List<Announcement>,
         headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last."))),
        (status = 403, description = "Only those who write announcements see all."),
    ),
)]
pub(crate) async fn list_announcements(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<AnnouncementParameters>,
) -> Result<Response, Problem> {
    let me = call.member()?;
    let filters = AnnouncementFilters {
        all: filters.all.unwrap_or(false),
        unread: filters.unread.unwrap_or(false),
    };
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<AnnouncementPosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        if filters.all {
            permissions::require(tx, MANAGE).await?;
        }
        let rows = announcements::list(tx, me, filters, after, page.rows()).await?;
        let total = announcements::count(tx, me, filters, page.counting()).await?;
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, AnnouncementPosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_announcements");
        assert_eq!(ListQuery::<AnnouncementParameters>::names(), documented);
    }
}
