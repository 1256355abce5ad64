//! `GET /v1/contractors`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::contractors::ContractorFilters;
use portal_domain::contractor::Classification;
use portal_http::area::AreaParameters;
use portal_http::bounds::BoundsParameters;
use portal_http::geojson::FeatureCollection;
use portal_http::negotiate::MediaType;
use portal_http::page::{List, ListQuery, PageParameters, table_media};
use portal_http::query::{FilterText, FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem, ProblemKind};
use utoipa::IntoParams;

use crate::contractor_item::ContractorItem;
use crate::contractor_list::ContractorList;

/// What contractors to show. A name that is repeated means any of its values; different names narrow each other.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct ContractorParameters {
    #[param(ignore)]
    area: AreaParameters,
    #[param(ignore)]
    bounds: BoundsParameters,
    /// Licence classes, such as `C-10` or `B`; other spellings (`c10`) are understood.
    #[param(required = false)]
    class: Vec<Classification>,
    /// Primary statuses as the state publishes them, such as `CLEAR`, in any case.
    #[param(value_type = Vec<FilterText>, required = false)]
    status: Vec<String>,
    /// Whether the primary status is `CLEAR`.
    #[param(nullable = false)]
    in_good_standing: Option<bool>,
    /// Cities, in any case.
    #[param(value_type = Vec<FilterText>, required = false)]
    city: Vec<String>,
    /// Counties, in any case.
    #[param(value_type = Vec<FilterText>, required = false)]
    county: Vec<String>,
    /// Words of the name, the place, the classes or the licence number; `"…"`, `or` and `-` work as in a search engine.
    #[param(
        nullable = false,
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$"
    )]
    q: Option<String>,
    /// Only firms that do not belong to the association; for staff.
    #[param(nullable = false)]
    not_member: Option<bool>,
    /// Whether the licence has vanished from the state's file, because it was revoked or cancelled; both without it.
    #[param(nullable = false)]
    removed_from_source: Option<bool>,
}

impl FromQuery for ContractorParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let area = AreaParameters::read(query);
        let bounds = BoundsParameters::read(query);
        let parameters = Self {
            class: query.many("class"),
            status: query.texts("status", 100),
            in_good_standing: query.flag("inGoodStanding"),
            city: query.texts("city", 100),
            county: query.texts("county", 100),
            q: query.text("q", 200),
            not_member: query.flag("notMember"),
            removed_from_source: query.flag("removedFromSource"),
            area: area?,
            bounds: bounds?,
        };
        Some(parameters)
    }
}

impl ContractorParameters {
    fn filters(self) -> ContractorFilters {
        ContractorFilters {
            classes: self.class,
            statuses: self.status,
            in_good_standing: self.in_good_standing,
            cities: self.city,
            counties: self.county,
            search: self.q,
            is_member: self.not_member.filter(|not| *not).map(|not| !not),
            is_removed: self.removed_from_source,
            area: self.area.circle(),
            bounds: self.bounds.bounds(),
        }
    }
}

/// Lists licensed contractors.
///
/// Ordered by distance when `near` is given, else by name. As CSV the whole list comes at once, up to 5 MB, unless `limit` is sent;
/// `Link` leads to the rest. With `notMember=true` staff see beside each firm how far the outreach to it has come.
#[utoipa::path(
    get,
    path = "/v1/contractors",
    operation_id = "list_contractors",
    tag = "contractors",
    params(AreaParameters, BoundsParameters, ContractorParameters, PageParameters),
    responses(
        (status = 200, description = "A page of contractors.", content(
            (List<ContractorItem> = "application/json"),
            (FeatureCollection<ContractorItem> = "application/geo+json"),
            (String = "text/csv"),
        ), headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last."))),
        (status = 403, description = "`notMember` is for staff."),
    ),
)]
pub(crate) async fn list_contractors(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    ListQuery { filters, page }: ListQuery<ContractorParameters>,
) -> Result<Response, Problem> {
    let media = table_media(&headers)?;
    let staff_only = filters.not_member == Some(true);
    if staff_only && call.is_anonymous() {
        return Err(Problem::new(
            ProblemKind::Unauthenticated,
            "notMember is for staff: sign in, or leave it out.",
        ));
    }
    let keys = portal.cursor_keys(page.cursor()).await?;
    let list = ContractorList {
        portal,
        call,
        page,
        keys,
        filters: filters.filters(),
        staff_only,
    };
    match media {
        MediaType::Csv => list.table().await,
        _ => list.page(media).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_contractors");
        assert_eq!(ListQuery::<ContractorParameters>::names(), documented);
    }
}
