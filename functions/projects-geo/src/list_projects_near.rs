//! `GET /v1/projects/near`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::projects::{self, DistancePosition, NearbyProject, ProjectFilters};
use portal_data::read;
use portal_http::area::CircleParameters;
use portal_http::bounds::BoundsParameters;
use portal_http::geojson::FeatureCollection;
use portal_http::page::{List, ListQuery, PageParameters, list_media};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};

use crate::project_filters::ProjectParameters;
use crate::project_item::ProjectItem;

/// A circle, and what to show in it.
#[derive(Debug)]
pub(crate) struct NearParameters {
    circle: CircleParameters,
    projects: ProjectParameters,
}

impl FromQuery for NearParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let circle = CircleParameters::read(query);
        let projects = ProjectParameters::read(query);
        Some(Self {
            circle: circle?,
            projects: projects?,
        })
    }
}

/// Lists projects in a circle, the nearest first.
///
/// Shows what can still be won (`PUBLISHED` and `BIDDING_OPEN`) unless `status` says otherwise.
#[utoipa::path(
    get,
    path = "/v1/projects/near",
    operation_id = "list_projects_near",
    tag = "projects",
    params(CircleParameters, BoundsParameters, ProjectParameters, PageParameters),
    responses(
        (status = 200, description = "A page of projects, each with its distance.", content(
            (List<ProjectItem> = "application/json"),
            (FeatureCollection<ProjectItem> = "application/geo+json"),
        ), headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last."))),
    ),
)]
pub(crate) async fn list_projects_near(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    ListQuery { filters, page }: ListQuery<NearParameters>,
) -> Result<Response, Problem> {
    let media = list_media(&headers)?;
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<DistancePosition> = page.position(&keys)?;
    let circle = filters.circle.circle();
    let filters = ProjectFilters {
        area: Some(circle),
        ..filters.projects.into()
    };
    let read = read!(portal.database(), &call.context, |tx| {
        let rows = projects::list_near(tx, &filters, circle, after, page.rows()).await?;
        Ok((rows, projects::total(tx, &filters, page.counting()).await?))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, NearbyProject::position)?.with_total(total);
    Ok(page.map(ProjectItem::from).respond(media))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_projects_near");
        assert_eq!(ListQuery::<NearParameters>::names(), documented);
    }
}
