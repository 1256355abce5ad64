//! A project in a list.

use portal_data::projects::NearbyProject;
use portal_domain::geo::LatLng;
use portal_domain::listing::ProjectListing;
use portal_http::geojson::Located;
use serde::Serialize;
use utoipa::ToSchema;

/// A project in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProjectItem {
    #[serde(flatten)]
    project: ProjectListing,
    /// The great-circle distance from `near`, when that is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, nullable = false)]
    distance_miles: Option<f64>,
}

impl From<ProjectListing> for ProjectItem {
    fn from(project: ProjectListing) -> Self {
        Self {
            project,
            distance_miles: None,
        }
    }
}

impl From<NearbyProject> for ProjectItem {
    fn from(near: NearbyProject) -> Self {
        Self {
            project: near.project,
            distance_miles: Some(near.distance.miles()),
        }
    }
}

impl Located for ProjectItem {
    fn feature_id(&self) -> String {
        self.project.id.to_string()
    }

    fn place(&self) -> Option<LatLng> {
        self.project.coordinates
    }
}
