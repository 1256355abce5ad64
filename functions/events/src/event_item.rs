//! An event in a list.

use portal_data::events::ListedEvent;
use portal_domain::geo::{Distance, LatLng};
use portal_domain::listing::EventListing;
use portal_http::geojson::Located;
use serde::Serialize;
use utoipa::ToSchema;

/// An event in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventItem {
    #[serde(flatten)]
    pub(crate) event: EventListing,
    /// The great-circle distance from `near`, when that is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, nullable = false)]
    distance_miles: Option<f64>,
}

impl From<ListedEvent> for EventItem {
    fn from(listed: ListedEvent) -> Self {
        Self {
            event: listed.event,
            distance_miles: listed.distance.map(Distance::miles),
        }
    }
}

impl Located for EventItem {
    fn feature_id(&self) -> String {
        self.event.id.to_string()
    }

    fn place(&self) -> Option<LatLng> {
        self.event.coordinates
    }
}
