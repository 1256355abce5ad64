//! `GET /v1/projects`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::projects::{self, DeadlinePosition, NewestPosition, ProjectFilters};
use portal_data::read;
use portal_domain::listing::ProjectListing;
use portal_http::bounds::BoundsParameters;
use portal_http::cursor::CursorKeys;
use portal_http::geojson::FeatureCollection;
use portal_http::page::{List, ListQuery, Page, PageParameters, PageRequest, list_media};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::project_filters::ProjectParameters;
use crate::project_item::ProjectItem;

/// The order of a list of projects.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ProjectOrder {
    /// The newest first.
    #[default]
    Newest,
    /// The next deadline first; those without one last.
    Deadline,
}

impl std::str::FromStr for ProjectOrder {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "newest" => Ok(Self::Newest),
            "deadline" => Ok(Self::Deadline),
            _ => Err("must be newest or deadline"),
        }
    }
}

/// The order of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrderParameters {
    /// `newest` first, or the next `deadline` first.
    #[param(required = false, inline)]
    sort: ProjectOrder,
    #[param(ignore)]
    projects: ProjectParameters,
}

impl FromQuery for OrderParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let projects = ProjectParameters::read(query);
        let sort = query.one("sort").unwrap_or_default();
        Some(Self {
            sort,
            projects: projects?,
        })
    }
}

/// Lists projects.
///
/// Shows what can still be won (`PUBLISHED` and `BIDDING_OPEN`) unless `status` says otherwise.
#[utoipa::path(
    get,
    path = "/v1/projects",
    operation_id = "list_projects",
    tag = "projects",
    params(BoundsParameters, ProjectParameters, OrderParameters, PageParameters),
    responses(
        (status = 200, description = "A page of projects.", content(
            (List<ProjectItem> = "application/json"),
            (FeatureCollection<ProjectItem> = "application/geo+json"),
        ), headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last."))),
    ),
)]
pub(crate) async fn list_projects(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    ListQuery { filters, page }: ListQuery<OrderParameters>,
) -> Result<Response, Problem> {
    let media = list_media(&headers)?;
    let keys = portal.cursor_keys(page.cursor()).await?;
    let sort = filters.sort;
    let list = Listing {
        portal,
        call,
        filters: filters.projects.into(),
    };
    let page = match sort {
        ProjectOrder::Newest => list.newest(&page, &keys).await?,
        ProjectOrder::Deadline => list.by_deadline(&page, &keys).await?,
    };
    Ok(page.respond(media))
}

/// One list as it was asked for.
struct Listing {
    portal: Portal,
    call: Call,
    filters: ProjectFilters,
}

impl Listing {
    async fn newest(&self, page: &PageRequest, keys: &CursorKeys) -> Result<Page<ProjectItem>, Problem> {
        let after: Option<NewestPosition> = page.position(keys)?;
        let read = read!(self.portal.database(), &self.call.context, |tx| {
            let rows = projects::list_newest(tx, &self.filters, after, page.rows()).await?;
            Ok((rows, projects::total(tx, &self.filters, page.counting()).await?))
        });
        show(page, keys, read?, NewestPosition::after)
    }

    async fn by_deadline(&self, page: &PageRequest, keys: &CursorKeys) -> Result<Page<ProjectItem>, Problem> {
        let after: Option<DeadlinePosition> = page.position(keys)?;
        let read = read!(self.portal.database(), &self.call.context, |tx| {
            let rows = projects::list_by_deadline(tx, &self.filters, after, page.rows()).await?;
            Ok((rows, projects::total(tx, &self.filters, page.counting()).await?))
        });
        show(page, keys, read?, DeadlinePosition::after)
    }
}

fn show<P: Serialize + DeserializeOwned>(
    page: &PageRequest,
    keys: &CursorKeys,
    (rows, total): (Vec<ProjectListing>, Option<i64>),
    position: impl Fn(&ProjectListing) -> P,
) -> Result<Page<ProjectItem>, Problem> {
    Ok(page
        .page(keys, rows, position)?
        .with_total(total)
        .map(ProjectItem::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_projects");
        assert_eq!(ListQuery::<OrderParameters>::names(), documented);
    }
}
