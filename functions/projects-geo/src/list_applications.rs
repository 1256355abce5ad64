//! `GET /v1/applications`

use axum::extract::State;
use axum::response::Response;
use portal_data::applications::ApplicationFilters;
use portal_domain::application::Application;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::{Call, Portal, Problem};

use crate::application_list::{self, ApplicationParameters};

/// Lists the caller's own bids, the latest first.
#[utoipa::path(
    get,
    path = "/v1/applications",
    operation_id = "list_applications",
    tag = "applications",
    params(ApplicationParameters, PageParameters),
    responses((status = 200, description = "A page of bids.", body = List<Application>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_applications(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<ApplicationParameters>,
) -> Result<Response, Problem> {
    let own = ApplicationFilters {
        bidder: Some(call.member()?),
        statuses: filters.status,
        project: None,
    };
    application_list::page(&portal, &call, &page, &own).await
}
