//! Lists as GeoJSON (RFC 7946), for maps and geographic tools.

use portal_domain::geo::LatLng;
use portal_domain::listing::Moment;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// Something that may stand on a map.
pub trait Located {
    /// The id of its feature.
    fn feature_id(&self) -> String;
    /// Where it is, if that is known.
    fn place(&self) -> Option<LatLng>;
}

/// A list of features.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeatureCollection<T> {
    /// Always `FeatureCollection`.
    #[serde(rename = "type")]
    kind: CollectionKind,
    /// The items of this page.
    features: Vec<Feature<T>>,
    /// This page, and the next one when there is one.
    links: Vec<GeoLink>,
    /// When the answer was made.
    time_stamp: Moment,
    /// How many items this page has.
    #[schema(minimum = 0)]
    number_returned: usize,
    /// How many items there are on all pages; only when `count` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, nullable = false)]
    number_matched: Option<i64>,
}

/// What a page says of itself: where it is, what comes after it, how many items all pages have, and when it was made.
#[derive(Debug)]
pub(crate) struct PageFacts {
    /// The address of the page, relative to the service.
    pub(crate) address: String,
    /// That of the next page.
    pub(crate) next: Option<String>,
    /// The number of items on all pages, where it was asked for.
    pub(crate) total: Option<i64>,
    /// The moment.
    pub(crate) now: Moment,
}

/// One item with its place.
#[derive(Debug, Serialize, ToSchema)]
pub struct Feature<T> {
    /// Always `Feature`.
    #[serde(rename = "type")]
    kind: FeatureKind,
    /// The item's own id.
    id: String,
    /// Where it is; null when that is not known.
    geometry: Option<Point>,
    /// The item as in the JSON list.
    properties: T,
}

/// A point, as longitude and latitude.
#[derive(Debug, Serialize, ToSchema)]
pub struct Point {
    /// Always `Point`.
    #[serde(rename = "type")]
    kind: PointKind,
    /// Degrees east of Greenwich, then degrees north of the equator.
    #[serde(serialize_with = "position")]
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    coordinates: LatLng,
}

/// A link to another page of the same list.
#[derive(Debug, Serialize, ToSchema)]
pub struct GeoLink {
    /// What the link leads to: `self` or `next`.
    rel: &'static str,
    /// The media type there.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Where it leads, relative to the service.
    #[schema(format = "uri-reference")]
    href: String,
}

#[derive(Debug, Serialize, ToSchema)]
enum CollectionKind {
    FeatureCollection,
}

#[derive(Debug, Serialize, ToSchema)]
enum FeatureKind {
    Feature,
}

#[derive(Debug, Serialize, ToSchema)]
enum PointKind {
    Point,
}

fn position<S: Serializer>(place: &LatLng, serializer: S) -> Result<S::Ok, S::Error> {
    [place.lng(), place.lat()].serialize(serializer)
}

impl<T: Located> FeatureCollection<T> {
    /// A page of a list, in the names of OGC API Features (part 1, section 7.16).
    pub(crate) fn of(items: Vec<T>, facts: PageFacts) -> Self {
        let kind = crate::negotiate::MediaType::GeoJson.content_type();
        let features: Vec<_> = items.into_iter().map(Feature::of).collect();
        let next = facts.next.map(|href| ("next", href));
        let links = [("self", facts.address)].into_iter().chain(next);
        Self {
            kind: CollectionKind::FeatureCollection,
            number_returned: features.len(),
            features,
            links: links.map(|(rel, href)| GeoLink { rel, kind, href }).collect(),
            time_stamp: facts.now,
            number_matched: facts.total,
        }
    }
}

impl<T: Located> Feature<T> {
    fn of(item: T) -> Self {
        let geometry = item.place().map(|coordinates| Point {
            kind: PointKind::Point,
            coordinates,
        });
        Self {
            kind: FeatureKind::Feature,
            id: item.feature_id(),
            geometry,
            properties: item,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Serialize)]
    struct Site(Option<LatLng>);

    impl Located for Site {
        fn feature_id(&self) -> String {
            "7".to_owned()
        }
        fn place(&self) -> Option<LatLng> {
            self.0
        }
    }

    #[test]
    fn longitude_comes_first_and_an_unknown_place_is_null() {
        let items = vec![Site(LatLng::new(37.5, -122.0).ok()), Site(None)];
        let facts = PageFacts {
            address: "/this".to_owned(),
            next: Some("/next".to_owned()),
            total: None,
            now: "2026-08-24T17:00:00Z".parse().unwrap(),
        };
        let page = serde_json::to_value(FeatureCollection::of(items, facts)).unwrap();
        assert_eq!(page["type"], "FeatureCollection");
        assert_eq!(
            page["features"][0]["geometry"],
            json!({"type": "Point", "coordinates": [-122.0, 37.5]})
        );
        assert_eq!(page["features"][1]["geometry"], json!(null));
        assert_eq!(
            page["links"],
            json!([
                {"rel": "self", "type": "application/geo+json", "href": "/this"},
                {"rel": "next", "type": "application/geo+json", "href": "/next"},
            ])
        );
        assert_eq!(page["numberReturned"], 2);
        assert_eq!(page["timeStamp"], "2026-08-24T17:00:00Z");
        assert!(page.get("numberMatched").is_none());
    }
}
