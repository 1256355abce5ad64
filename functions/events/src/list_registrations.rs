//! `GET /v1/registrations`

use axum::extract::State;
use axum::response::Response;
use portal_data::registrations::RegistrationFilters;
use portal_domain::event::Registration;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::{Call, Portal, Problem};

use crate::registration_list::{self, RegistrationParameters};

/// Lists the caller's own registrations, the latest first.
#[utoipa::path(
    get,
    path = "/v1/registrations",
    operation_id = "list_registrations",
    tag = "registrations",
    params(RegistrationParameters, PageParameters),
    responses((status = 200, description = "A page of registrations.", body = List<Registration>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_registrations(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<RegistrationParameters>,
) -> Result<Response, Problem> {
    let own = RegistrationFilters {
        member: Some(call.member()?),
        statuses: filters.status,
        event: None,
    };
    registration_list::page(&portal, &call, &page, &own).await
}
